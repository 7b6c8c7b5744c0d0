"""Every page of the site, in the states worth looking at: one table for tests and for pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from innocap_lms.people.passes import INVITATION, RESET
from tests.browser import answers
from tests.browser.town import COURSE, Town

OTHER = "frame-and-explore"
UNKNOWN = "0" * 26

NOT_PAGES = {
    "web.asset": "a file of the shell",
    "web.health": "plain text for machines",
    "web.ready": "plain text for machines",
    "catalogue.file": "a file of a course",
    "credentials.certificate_pdf": "a document; held by tests of its own",
    "credentials.certificate_json": "for machines",
    "credentials.of_completion": "leads on to the certificate",
    "hr.completions_csv": "a file to download",
    "people.language": "leads back to the page it was chosen on",
    "people.theme": "leads back to the page it was chosen on",
}


@dataclass(frozen=True)
class Scene:
    """A page as somebody sees it. `{…}` in the address are ids that `prepare` finds.

    `who` is a key of PEOPLE, empty for a stranger; `act` is done there before anybody looks.
    """

    name: str
    endpoint: str
    address: str
    who: str = ""
    status: int = 200
    act: Callable[[Page], None] | None = None


def _press(selector: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return press


def _fill(values: dict[str, str], selector: str = "main form button") -> Callable[[Page], None]:
    def fill(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"main [name={name}]").first.fill(value)
        _press(selector)(page)

    return fill


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")


ANALYSIS = "/studio/courses/{answered}/analysis"
SEND = "main form[method=post] button.primary"
ASKING = f"/courses/{OTHER}/{{quiz}}/attempts/{{asking}}"
WRONG = {"account": "nobody@example.org", "password": "not the one"}

SCENES = (
    Scene("front", "web.front", "/"),
    Scene("front-signed-in", "web.front", "/", "coach"),
    Scene("track", "web.track", "/tracks/{track}"),
    Scene("track-signed-in", "web.track", "/tracks/{track}", "coach"),
    Scene("course", "web.course", "/courses/{course}"),
    Scene("course-to-start", "web.course", "/courses/{course}", "nobody_yet"),
    Scene("course-started", "web.course", f"/courses/{OTHER}", "coach"),
    Scene("course-done", "web.course", "/courses/{course}", "coach"),
    Scene("lesson", "learning.activity", f"/courses/{OTHER}/{{lesson}}", "coach"),
    Scene("lesson-read", "learning.activity", f"/courses/{OTHER}/{{lesson_read}}", "coach"),
    Scene("quiz", "learning.activity", f"/courses/{OTHER}/{{quiz}}", "coach"),
    Scene("quiz-passed", "learning.activity", "/courses/{course}/{quiz}", "coach"),
    Scene("attempt", "learning.attempt", ASKING, "coach"),
    Scene("attempt-missing", "learning.attempt", ASKING, "coach", 422, _press(SEND)),
    Scene(
        "result-unread",
        "learning.attempt",
        "/courses/{other}/{other_quiz}/attempts/{unread}",
        "hasty",
    ),
    Scene(
        "result-failed", "learning.attempt", "/courses/{course}/{quiz}/attempts/{failed}", "coach"
    ),
    Scene(
        "result-completed",
        "learning.attempt",
        "/courses/{course}/{quiz}/attempts/{passed}",
        "coach",
    ),
    Scene("home", "web.home", "/me", "coach"),
    Scene("home-empty", "web.home", "/me", "nobody_yet"),
    Scene("certificate", "credentials.certificate", "/certificates/{certificate}", "coach"),
    Scene("verify", "credentials.verify", "/verify/{certificate}"),
    Scene("verify-unknown", "credentials.verify", f"/verify/{UNKNOWN}", status=404),
    Scene("verify-form", "credentials.verify_form", "/verify"),
    Scene("login", "people.sign_in", "/login"),
    Scene("login-refused", "people.sign_in", "/login", status=422, act=_fill(WRONG)),
    Scene("code", "people.code", "/code"),
    Scene(
        "code-refused",
        "people.code",
        "/code",
        status=422,
        act=_fill(WRONG | {"code": "AAAA-BBBB-CCCC"}),
    ),
    Scene("forgot", "people.forgot", "/forgot"),
    Scene("forgot-asked", "people.forgot", "/forgot", act=_fill({"account": "nobody@example.org"})),
    Scene("invitation", "people.invite", "{invitation}"),
    Scene(
        "invitation-refused",
        "people.invite",
        "{invitation}",
        status=422,
        act=_fill({"password": "short"}),
    ),
    Scene("invitation-over", "people.invite", "{spent}", status=410),
    Scene("reset", "people.reset", "{reset}"),
    Scene("account", "people.account", "/account", "coach"),
    Scene(
        "account-refused",
        "people.account",
        "/account",
        "coach",
        422,
        _fill(
            {"old_password": "wrong", "password": "short"},
            "form[action='/account/password'] button",
        ),
    ),
    Scene("hr", "hr.dashboard", "/hr", "hr"),
    Scene("hr-manager", "hr.dashboard", "/hr", "manager"),
    Scene("hr-empty", "hr.dashboard", "/hr", "hr_of_nobody"),
    Scene("completions", "hr.completions", "/hr/reports/completions", "hr"),
    Scene("completions-many", "hr.completions", "/hr/reports/completions", "admin"),
    Scene(
        "completions-filtered",
        "hr.completions",
        "/hr/reports/completions?track={track}&unit={unit}",
        "hr",
    ),
    Scene("completions-none-fit", "hr.completions", "/hr/reports/completions?name=zzz", "hr"),
    Scene("completions-empty", "hr.completions", "/hr/reports/completions", "hr_of_nobody"),
    Scene("completions-refused", "hr.completions", "/hr/reports/completions?from=soon", "hr", 400),
    Scene("person-card", "hr.person", "/hr/people/{coach}", "hr"),
    Scene("studio", "studio.overview", "/studio", "trainer"),
    Scene("studio-course", "studio.course", "/studio/courses/{course}", "trainer"),
    Scene("analysis", "analysis.course", ANALYSIS, "admin"),
    Scene("analysis-options", "analysis.course", ANALYSIS, "admin", act=_unfold),
    Scene("analysis-few", "analysis.course", f"/studio/courses/{OTHER}/analysis", "admin"),
    Scene("admin", "admin.overview", "/admin", "admin"),
    Scene("admin-hr", "admin.overview", "/admin", "hr"),
    Scene("people", "admin.people", "/admin/people", "admin"),
    Scene("people-none", "admin.people", "/admin/people?q=zzz", "admin"),
    Scene("person", "admin.person", "/admin/people/{coach}", "admin"),
    Scene(
        "person-link",
        "admin.person",
        "/admin/people/{coach}",
        "admin",
        act=_press("form[action$='/link'] button"),
    ),
    Scene(
        "person-code",
        "admin.person",
        "/admin/people/{coach}",
        "admin",
        act=_press("form[action$='/code'] button"),
    ),
    Scene("invite", "admin.new_person", "/admin/people/new", "admin"),
    Scene(
        "invite-refused",
        "admin.new_person",
        "/admin/people/new",
        "admin",
        422,
        _fill({"name": "Anna Ek"}),
    ),
    Scene("organisations", "admin.organisations.overview", "/admin/organisations", "admin"),
    Scene(
        "organisation",
        "admin.organisations.organisation",
        "/admin/organisations/{organisation}",
        "admin",
    ),
    Scene(
        "unit",
        "admin.organisations.unit",
        "/admin/organisations/{organisation}/units/{unit}",
        "admin",
    ),
    Scene("jobs", "admin_jobs.overview", "/admin/jobs", "admin"),
    Scene("plugins", "admin_plugins.overview", "/admin/plugins", "admin"),
    Scene("accessibility", "web.accessibility", "/accessibility"),
    Scene("styleguide", "web.styleguide", "/styleguide"),
    Scene("not-found", "", "/nowhere", status=404),
    Scene("not-found-signed-in", "", "/hr", "coach", 404),
)

PEOPLE = {
    "coach": "emma.berglund",
    "nobody_yet": "peter.holm",
    "hr": "lars.vikstrom",
    "manager": "karin.edstrom",
    "trainer": "johan.naslund",
    "admin": "ingrid.sjolund",
}


@dataclass(frozen=True)
class Stage:
    """What the scenes need: ids by their names in addresses, accounts by key."""

    ids: dict[str, str]
    accounts: dict[str, str]


def prepare(town: Town) -> Stage:
    """Give the demo what it lacks for the scenes: an open and a failed attempt, links, a crowd."""
    coach = town.person(PEOPLE["coach"])
    edition, other = town.course(), town.course(OTHER)
    organisation, units = town.organisation("Nordviks kommun")
    island = town.new_organisation("Öbygdens kommun")
    town.crowd()
    town.read(coach, 2, OTHER)
    late = town.newcomer("Astrid Lund", password=False)
    spent = town.link(late, INVITATION)
    hasty = town.newcomer("Stina Rask", language="sv")
    town.read(hasty, 1, OTHER)
    town.spend(spent)
    ids = {
        "answered": answers.fill(town),
        "track": edition.track,
        "course": COURSE,
        "lesson": other.course.lessons[2].id,
        "lesson_read": other.course.lessons[0].id,
        "quiz": edition.course.quizzes[0].id,
        "failed": town.attempt(coach, send=True, right=False),
        "passed": town.attempt(coach, send=True),
        "asking": town.attempt(coach, OTHER),
        "other": OTHER,
        "other_quiz": other.course.quizzes[0].id,
        "unread": town.attempt(hasty, OTHER, send=True),
        "certificate": town.certificate(coach),
        "coach": coach.id,
        "organisation": organisation,
        "unit": units[0],
        "invitation": town.link(late, INVITATION),
        "reset": town.link(late, RESET),
        "spent": spent,
    }
    accounts = {key: town.person(name).account for key, name in PEOPLE.items()}
    accounts["hasty"] = hasty.account
    accounts["hr_of_nobody"] = town.newcomer("Ylva Ström", "hr", "sv", island).account
    return Stage(ids, accounts)
