"""Requirements for the scenes: one that asks the crowd, and the ids of the demo's."""

from datetime import timedelta

from innocap_lms import clock
from innocap_lms.cli.required import follow
from innocap_lms.extensions import db, writing
from innocap_lms.hr import saved_views, standings
from innocap_lms.hr.models import RuleTry
from innocap_lms.ids import new_id
from innocap_lms.people.queries import viewer_of
from innocap_lms.requirements import services
from innocap_lms.requirements.rules import Rule, as_json
from tests.browser.town import CROWDED, Someone, Town


def prepare(town: Town, course: str, hr: Someone) -> dict[str, str]:
    """Ask the crowd, let standings follow, and find the first requirement of the demo's HR."""
    organisation, _units = town.organisation(CROWDED)
    with town.site.app.app_context():
        start = clock.utcnow() - timedelta(days=50)
        rule = Rule("course", course, "employer", start.date(), due_days=40)
        with clock.at(start), writing():
            services.set_requirement(organisation, rule, hr.id)
        follow()
        required = standings.requirements(viewer_of(hr.id), clock.utcnow().date())
        with writing():
            wanted = saved_views.Wanted("Sena i vård och omsorg", "", "weekly")
            view = saved_views.save(viewer_of(hr.id), "matrix", {"state": "late"}, wanted)
    tried = RuleTry(
        id=new_id(), person_id=hr.id, organisation_id=required[0].organisation_id,
        requirement_id=required[0].id, typed={}, rule=as_json(required[0].rule),
        done=8400, total=20_113, asked_at=clock.utcnow(),
    )  # fmt: skip
    with town.site.app.app_context(), writing():
        db.session.add(tried)
        name = tried.id
    by_days = next(each for each in required if each.rule.due_days is not None)
    return {
        "requirement": required[0].id,
        "narrow_requirement": by_days.id,
        "view": view,
        "try": name,
    }
