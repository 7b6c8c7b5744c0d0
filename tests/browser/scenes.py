"""Every page of the site, in the states worth looking at: one table for tests and for pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page

from innocap_lms import clock
from innocap_lms.people.passes import INVITATION, RESET
from tests.browser import answers, asked, listed, recognised, required, reviewed, rounds, written
from tests.browser.practical import Practice
from tests.browser.town import COURSE, EVERY_KIND, Town

OTHER = "frame-and-explore"
CHARTS = "data-gis-iot"
HELD_BACK = "ai-in-the-municipality"
UNKNOWN = "0" * 26

NOT_PAGES = {
    "web.asset": "a file of the shell",
    "web.health": "plain text for machines",
    "web.ready": "plain text for machines",
    "catalogue.file": "a file of a course",
    "credential_files.certificate_pdf": "a document; held by tests of its own",
    "credential_files.certificate_json": "for machines",
    "credential_files.certificate_token": "for wallets",
    "credential_files.badge_png": "a picture",
    "credential_files.badge_svg": "a picture",
    "credential_proofs.status_list": "for machines",
    "credential_proofs.did_document": "for machines",
    "credential_proofs.ledger_checkpoint": "for machines",
    "credentials.of_completion": "leads on to the certificate",
    "hr.completions_csv": "a file to download",
    "hr.completions_xlsx": "a file to download",
    "hr.certificates_zip": "a file to download",
    "hr_corrections.evidence_of": "a file to download",
    "hr_intakes.problems": "a file to download",
    "hr_training.file": "a file to download",
    "own_record.file": "a file to download",
    "self_assessment.taken_along": "a file to download",
    "hr_people.register_csv": "a file to download",
    "hr_people.register_xlsx": "a file to download",
    "hr_reports.report_csv": "a file to download",
    "hr_views.opened": "leads on to the page of the view",
    "hr_reports.report_xlsx": "a file to download",
    "hr_matrix.matrix_csv": "a file to download",
    "coordination.overview_csv": "a file to download",
    "admin.imports.problems_csv": "a file to download",
    "hr_matrix.matrix_xlsx": "a file to download",
    "web.calendar": "for calendar programs",
    "rounds.dates": "for calendar programs",
    "people.language": "leads back to the page it was chosen on",
    "people.theme": "leads back to the page it was chosen on",
    "reviews.file": "a file of a draft",
    "editor.raw": "a file of a draft",
    "printing.sheet_pdf": "a document; held by tests of its own",
    "printing.guide_pdf": "a document; held by tests of its own",
    "printing.slides_pdf": "a document; held by tests of its own",
    "exchange.get": "an archive to download",
    "tasks.file": "a file to download",
    "assessing.file": "a file to download",
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


def _preview(page: Page) -> None:
    page.locator("[name=how][value=accept_all]").check()
    page.locator("[name=reason]").fill("Två av alternativen betyder samma sak.")
    _press("main button[value=preview]")(page)


def _comment(page: Page) -> None:
    page.locator(".piece summary").nth(1).click()
    page.locator(".piece [name=name]").nth(1).fill("Siv")
    page.locator(".piece [name=text]").nth(1).fill(" ")
    _press(".piece:nth-of-type(2) form button")(page)


def _hints(page: Page) -> None:
    for hint in page.locator("main summary").all():
        hint.click()


WELL_ANSWERED = ("single", "true-false", "numeric")  # enough to pass, the rest in part
KINDS = f"/courses/{EVERY_KIND}/final/attempts/{{}}"
CHART = f"/courses/{CHARTS}/{{0}}/attempts/{{{{{{0}}}}}}"


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")


def _check(page: Page) -> None:
    _hand_in(page, page.request.get(f"{page.url}.json").text())


def _check_altered(page: Page) -> None:
    words = page.request.get(f"{page.url}.json").text()
    _hand_in(page, words.replace("Berglund", "Berglind"))


def _hand_in(page: Page, credential: str) -> None:
    page.goto("/verify")
    page.locator("[name=credential]").fill(credential)
    page.locator("main form[method=post] button").click()


ANALYSIS = "/studio/courses/{answered}/analysis"
DESK = "/studio/courses/{course}"
SEND = "main form[method=post] button.primary"
PROGRAMME = "/programmes/innovation-coach"
PRINTED = "/courses/digital-foundations"
CHECK = "/courses/{course}/check-4-weeks"
ASKING = f"/courses/{OTHER}/{{quiz}}/attempts/{{asking}}"
ANOTHER = "/courses/{course}/{quiz}/another-attempt"
ASK = "/courses/{course}/{quiz}/attempts/{asker_attempt}/questions/2/ask"
REMEDY = "/studio/courses/{course}/{quiz}/questions/{faulty}/remedy"
OWN = "/me/self-assessments"
ONE = "/courses/{other}/{other_quiz}/attempts/{timed}"
OWN_CASE = f"/courses/{OTHER}/own-case"
HAND_IN = "main button[value=hand_in]"
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
    Scene("course-to-lead", "web.course", PRINTED, "admin"),
    Scene("sheet-card", "printing.sheet", f"{PRINTED}/sheets/instruction-plan"),
    Scene("sheet-canvas", "printing.sheet", f"{PRINTED}/sheets/limits-card"),
    Scene("sheet-pocket", "printing.sheet", f"{PRINTED}/sheets/pocket-guide", "coach"),
    Scene("guide", "printing.guide", f"{PRINTED}/facilitator/guide", "admin"),
    Scene("slides", "printing.slides", f"{PRINTED}/facilitator/slides/coach-role", "admin"),
    Scene("programme", "web.programme", PROGRAMME),
    Scene("programme-to-join", "web.programme", PROGRAMME, "nobody_yet"),
    Scene("programme-joined", "web.programme", "/programmes/digital-coach", "coach"),
    Scene("lesson", "learning.activity", f"/courses/{OTHER}/{{lesson}}", "coach"),
    Scene("lesson-read", "learning.activity", f"/courses/{OTHER}/{{lesson_read}}", "coach"),
    Scene("quiz", "learning.activity", f"/courses/{OTHER}/{{quiz}}", "coach"),
    Scene("quiz-passed", "learning.activity", "/courses/{course}/{quiz}", "coach"),
    Scene("attempt", "attempts.attempt", ASKING, "coach"),
    Scene("attempt-missing", "attempts.attempt", ASKING, "coach", 422, _press(SEND)),
    Scene(
        "result-unread",
        "attempts.attempt",
        "/courses/{other}/{other_quiz}/attempts/{unread}",
        "hasty",
    ),
    Scene(
        "result-failed", "attempts.attempt", "/courses/{course}/{quiz}/attempts/{failed}", "coach"
    ),
    Scene(
        "result-completed",
        "attempts.attempt",
        "/courses/{course}/{quiz}/attempts/{passed}",
        "coach",
    ),
    Scene("attempt-one", "attempts.question", ONE + "/questions/2", "timed"),
    Scene("attempt-look", "attempts.attempt", ONE, "timed"),
    Scene("attempt-look-missing", "attempts.attempt", ONE, "timed", 422, _press(SEND)),
    Scene("quiz-timed", "learning.activity", "/courses/{other}/{other_quiz}", "timed"),
    Scene("quiz-waiting", "learning.activity", "/courses/{other}/{other_quiz}", "paused"),
    Scene("task-new", "learning.activity", OWN_CASE, "hasty"),
    Scene("task-draft", "learning.activity", OWN_CASE, "coach"),
    Scene("task-refused", "learning.activity", OWN_CASE, "hasty", 422, _press(HAND_IN)),
    Scene("task-handed-in", "learning.activity", OWN_CASE, "waiting"),
    Scene("task-returned", "learning.activity", OWN_CASE, "returned"),
    Scene("task-passed", "learning.activity", OWN_CASE, "passed"),
    Scene("desk", "assessing.overview", "/assess", "assessor"),
    Scene("desk-empty", "assessing.overview", "/assess", "new_assessor"),
    Scene("desk-case", "assessing.case", "/assess/{to_score}", "assessor"),
    Scene(
        "desk-case-refused", "assessing.case", "/assess/{to_score}", "assessor", 422, _press(SEND)
    ),
    Scene("desk-third", "assessing.case", "/assess/{case_disputed}", "third"),
    Scene("desk-decided", "assessing.case", "/assess/{case_decided}", "decider"),
    Scene("cases", "cases.overview", "/assess/cases", "admin"),
    Scene("cases-none", "cases.overview", "/assess/cases", "trainer"),
    Scene("agreements", "admin_agreements.overview", "/admin/agreements", "admin"),
    Scene("kinds-asked", "attempts.attempt", KINDS.format("{kinds_open}"), "curious"),
    Scene("kinds-hint", "attempts.attempt", KINDS.format("{kinds_open}"), "curious", act=_hints),
    Scene("kinds-marked", "attempts.attempt", KINDS.format("{kinds_failed}"), "curious"),
    Scene("kinds-reviewed", "attempts.attempt", KINDS.format("{kinds_passed}"), "curious"),
    Scene("chart-bar", "attempts.attempt", CHART.format("practise-question"), "curious"),
    Scene("chart-map", "attempts.attempt", CHART.format("practise-maps"), "curious", act=_unfold),
    Scene("chart-line", "attempts.attempt", CHART.format("practise-publishing"), "curious"),
    Scene("chart-reviewed", "attempts.attempt", CHART.format("practise-sensors"), "curious"),
    Scene(
        "chart-asked",
        "inquiries.ask",
        CHART.format("practise-maps") + "/questions/4/ask",
        "curious",
    ),
    Scene(
        "chart-printed",
        "studio.quiz_on_paper",
        f"/studio/courses/{CHARTS}/practise-maps/print",
        "trainer",
    ),
    Scene("home", "web.home", "/me", "coach"),
    Scene("home-check", "web.home", "/me", "reminded"),
    Scene("course-check", "web.course", "/courses/{course}", "reminded"),
    Scene("check", "retention.check", CHECK, "reminded"),
    Scene("check-questions", "retention.check", CHECK, "recalling"),
    Scene("check-missing", "retention.check", CHECK, "recalling", 422, _press(SEND)),
    Scene("check-result", "retention.check", CHECK, "recalled"),
    Scene("home-empty", "web.home", "/me", "nobody_yet"),
    Scene("certificate", "credentials.certificate", "/certificates/{certificate}", "coach"),
    Scene("verify", "credentials.verify", "/verify/{certificate}"),
    Scene("verify-unknown", "credentials.verify", f"/verify/{UNKNOWN}", status=404),
    Scene("verify-form", "credentials.verify_form", "/verify"),
    Scene(
        "verify-form-refused",
        "credentials.verify_form",
        "/verify",
        status=422,
        act=_press("main form[method=post] button"),
    ),
    Scene("certificates", "credentials.own", "/certificates", "coach"),
    Scene("certificates-none", "credentials.own", "/certificates", "nobody_yet"),
    Scene("verdict-valid", "credentials.certificate", "/certificates/{certificate}", act=_check),
    Scene(
        "verdict-altered",
        "credentials.certificate",
        "/certificates/{certificate}",
        act=_check_altered,
    ),
    Scene(
        "certificate-office",
        "credential_office.office",
        "/certificates/{certificate}/office",
        "admin",
    ),
    Scene(
        "certificate-office-refused",
        "credential_office.office",
        "/certificates/{certificate}/office",
        "admin",
        422,
        _fill({"why": " "}, "form[action$='/revocation'] button"),
    ),
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
    Scene(
        "completions-programmes", "hr.completions", "/hr/reports/completions?kind=programme", "hr"
    ),
    Scene("completions-none-fit", "hr.completions", "/hr/reports/completions?name=zzz", "hr"),
    Scene("completions-empty", "hr.completions", "/hr/reports/completions", "hr_of_nobody"),
    Scene("completions-refused", "hr.completions", "/hr/reports/completions?from=soon", "hr", 400),
    Scene("completions-latest", "hr.completions", "/hr/reports/completions?sort=-latest", "hr"),
    Scene("team", "hr_people.team", "/hr/team", "manager"),
    Scene("team-by-day", "hr_people.team", "/hr/team?sort=day", "manager"),
    Scene("team-many", "hr_people.team", "/hr/team", "admin"),
    Scene("team-empty", "hr_people.team", "/hr/team?name=zzz", "manager"),
    Scene("register", "hr_people.register", "/hr/reports/register?role=learner", "hr"),
    Scene("register-many", "hr_people.register", "/hr/reports/register", "admin"),
    Scene("register-none-fit", "hr_people.register", "/hr/reports/register?name=zzz", "hr"),
    Scene("reports", "hr_reports.overview", "/hr/reports", "hr"),
    Scene("report", "hr_reports.report", "/hr/reports/participation?year=all", "hr"),
    Scene("file", "hr_exports.progress", f"/hr/exports/{UNKNOWN}?of=matrix-xlsx&state=late", "hr"),
    Scene("view-new", "hr_views.new", "/hr/views/new?page=matrix&query=state%3Dlate", "hr"),
    Scene(
        "view-new-refused",
        "hr_views.new",
        "/hr/views/new?page=matrix",
        "manager",
        422,
        _press("main form button"),
    ),
    Scene("view-change", "hr_views.change", "/hr/views/{view}/change", "hr"),
    Scene("notices", "hr_notices.overview", "/hr/notices", "admin"),
    Scene("notice", "hr_notices.notice", "/hr/notices/{organisation}", "admin"),
    Scene("notice-to-managers", "hr_notices.notice", "/hr/notices/{organisation}/manager", "admin"),
    Scene("notice-invite", "hr_notices.notice", "/hr/notices/{organisation}/invitation", "admin"),
    Scene("notice-round", "hr_notices.notice", "/hr/notices/{organisation}/round", "admin"),
    Scene(
        "notice-refused",
        "hr_notices.notice",
        "/hr/notices/{organisation}",
        "admin",
        422,
        _fill({"subject-sv": "Hej {du}", "opening-sv": "Hej {name},"}),
    ),
    Scene("report-many", "hr_reports.report", "/hr/reports/expiring", "admin"),
    Scene("report-empty", "hr_reports.report", "/hr/reports/expiring?within=30", "hr_of_nobody"),
    Scene("person-card", "hr.person", "/hr/people/{coach}", "hr"),
    Scene("training", "own_record.training", "/me/training", "coach"),
    Scene(
        "training-refused",
        "own_record.training",
        "/me/training",
        "coach",
        422,
        _press("form[action$='/me/training'] button"),
    ),
    Scene("training-nothing", "own_record.training", "/me/training", "nobody_yet"),
    Scene("lists", "hr_intakes.overview", "/hr/lists", "hr"),
    Scene("lists-none", "hr_intakes.overview", "/hr/lists", "hr_of_nobody"),
    Scene(
        "lists-refused",
        "hr_intakes.overview",
        "/hr/lists",
        "hr",
        422,
        _press("main form button"),
    ),
    Scene("many", "hr_intakes.new", "/hr/lists/new?people=shown", "hr"),
    Scene(
        "many-refused",
        "hr_intakes.new",
        "/hr/lists/new",
        "hr",
        422,
        _press("main form button"),
    ),
    Scene("list-columns", "hr_intakes.intake", "/hr/lists/{list_columns}", "hr"),
    Scene(
        "list-columns-refused",
        "hr_intakes.intake",
        "/hr/lists/{list_columns}",
        "hr",
        422,
        _press("main form button"),
    ),
    Scene("list-reading", "hr_intakes.intake", "/hr/lists/{list_reading}", "hr"),
    Scene("list-checked", "hr_intakes.intake", "/hr/lists/{list_checked}", "hr"),
    Scene("list-done", "hr_intakes.intake", "/hr/lists/{list_done}", "hr"),
    Scene("list-refused", "hr_intakes.intake", "/hr/lists/{list_refused}", "hr"),
    Scene("sent-in", "hr_training.overview", "/hr/training", "hr"),
    Scene("sent-in-answered", "hr_training.overview", "/hr/training?state=answered", "hr"),
    Scene("sent-in-none", "hr_training.overview", "/hr/training", "hr_of_nobody"),
    Scene("answer", "hr_training.one", "/hr/training/{waiting}", "hr"),
    Scene(
        "answer-refused",
        "hr_training.one",
        "/hr/training/{waiting}",
        "hr",
        422,
        _press("form[action$='/approval'] button"),
    ),
    Scene("answered", "hr_training.one", "/hr/training/{approved}", "hr"),
    Scene("record", "hr_corrections.record", "/hr/people/{coach}/record", "hr"),
    Scene("correct", "hr_corrections.entry", "/hr/people/{coach}/completions/{noted}", "hr"),
    Scene(
        "correct-refused",
        "hr_corrections.entry",
        "/hr/people/{coach}/completions/{noted}",
        "hr",
        422,
        _press("form[action$='/correction'] button"),
    ),
    Scene("required", "web.own_requirements", "/me/requirements", "coach"),
    Scene(
        "required-calendar",
        "web.own_requirements",
        "/me/requirements",
        "coach",
        act=_press("main form button"),
    ),
    Scene("required-nothing", "web.own_requirements", "/me/requirements", "admin"),
    Scene("standing-none", "self_assessment.one", f"{OWN}/digcomp", "nobody_yet"),
    Scene("standing-once", "self_assessment.one", f"{OWN}/digcomp", "curious"),
    Scene("standing", "self_assessment.one", f"{OWN}/digcomp", "coach"),
    Scene("standing-new", "self_assessment.new", f"{OWN}/digcomp/new", "coach"),
    Scene(
        "standing-refused", "self_assessment.new", f"{OWN}/digcomp/new", "coach", 422, _press(SEND)
    ),
    Scene("standings-own", "self_assessment.overview", OWN, "coach"),
    Scene("rounds", "rounds.overview", "/rounds", "nobody_yet"),
    Scene("rounds-none", "rounds.overview", "/rounds", "hr_of_nobody"),
    Scene("round", "rounds.one", "/rounds/{round_coming}", "nobody_yet"),
    Scene("round-open", "rounds.one", "/rounds/{round_asked}", "curious"),
    Scene("round-completed", "rounds.one", "/rounds/{round_asked}", "coach"),
    Scene("round-asked", "rounds.one", "/rounds/{round_asked}", "asked_to_round"),
    Scene("round-waiting", "rounds.one", "/rounds/{round_coming}", "waiting_for_round"),
    Scene("round-running", "rounds.one", "/rounds/{round_running}", "nobody_yet"),
    Scene("round-off", "rounds.one", "/rounds/{round_off}", "coach"),
    Scene("course-rounds", "web.course", "/courses/{course}", "waiting_for_round"),
    Scene("rounds-desk", "rounds_desk.overview", "/rounds/desk", "trainer"),
    Scene("rounds-desk-none", "rounds_desk.overview", "/rounds/desk", "hr_of_nobody"),
    Scene("round-new", "rounds_desk.new", "/rounds/desk/new", "trainer"),
    Scene("round-plan", "rounds_desk.new", "/rounds/desk/new?course={course}", "trainer"),
    Scene(
        "round-plan-refused",
        "rounds_desk.new",
        "/rounds/desk/new?course={course}",
        "trainer",
        422,
        _fill({"start-0": "09:00"}, SEND),
    ),
    Scene("round-change", "rounds_desk.change", "/rounds/{round_running}/change", "trainer"),
    Scene("round-desk", "rounds_desk.one", "/rounds/{round_running}/desk", "trainer"),
    Scene("round-desk-hr", "rounds_desk.one", "/rounds/{round_coming}/desk", "hr"),
    Scene(
        "attendance",
        "rounds_leading.attended",
        "/rounds/{round_running}/sessions/{round_session}",
        "trainer",
    ),
    Scene("round-people", "rounds_people.people", "/rounds/{round_coming}/people", "hr"),
    Scene(
        "round-people-manager", "rounds_people.people", "/rounds/{round_asked}/people", "manager"
    ),
    Scene(
        "round-people-refused",
        "rounds_people.people",
        "/rounds/{round_asked}/people",
        "hr",
        422,
        _press(SEND),
    ),
    Scene("note", "hr_noting.note", "/hr/people/{coach}/note", "hr"),
    Scene(
        "note-refused",
        "hr_noting.note",
        "/hr/people/{coach}/note",
        "hr",
        422,
        _press("main form button"),
    ),
    Scene("matrix", "hr_matrix.matrix", "/hr/matrix", "hr"),
    Scene("matrix-many", "hr_matrix.matrix", "/hr/matrix", "admin"),
    Scene("matrix-late", "hr_matrix.matrix", "/hr/matrix?state=late", "manager"),
    Scene("matrix-then", "hr_matrix.matrix", "/hr/matrix?on={then}&known=shown", "hr"),
    Scene("matrix-none-fit", "hr_matrix.matrix", "/hr/matrix?name=zzz", "hr"),
    Scene("matrix-empty", "hr_matrix.matrix", "/hr/matrix", "hr_of_nobody"),
    Scene("matrix-refused", "hr_matrix.matrix", "/hr/matrix?on=soon", "hr", 400),
    Scene("why", "hr_matrix.why", "/hr/matrix/{coach}/{requirement}", "hr"),
    Scene("requirements", "hr_requirements.overview", "/hr/requirements", "hr"),
    Scene("requirements-empty", "hr_requirements.overview", "/hr/requirements", "hr_of_nobody"),
    Scene("requirement-new", "hr_requirements.new", "/hr/requirements/new", "hr"),
    Scene(
        "requirement-refused",
        "hr_requirements.new",
        "/hr/requirements/new",
        "hr",
        422,
        _fill({"due_days": "soon"}, "main button[value=save]"),
    ),
    Scene(
        "requirement-tried",
        "hr_requirements.change",
        "/hr/requirements/{narrow_requirement}",
        "hr",
        act=_fill({"due_days": "10"}, "main button[value=try]"),
    ),
    Scene("requirement-tries", "hr_requirements.tried", "/hr/requirements/tries/{try}", "hr"),
    Scene("studio-programme", "studio.programme", f"/studio{PROGRAMME}", "admin"),
    Scene("studio", "studio.overview", "/studio", "trainer"),
    Scene("studio-course", "studio.course", "/studio/courses/{course}", "trainer"),
    Scene("course-new", "writing.new", "/studio/new-course", "trainer"),
    Scene("course-new-refused", "writing.new", "/studio/new-course", "trainer", 422, _press(SEND)),
    Scene("files", "writing.overview", f"{DESK}/files", "trainer"),
    Scene("editor", "editor.edit", f"{DESK}/files/{{written}}", "co_author"),
    Scene("editor-clash", "editor.edit", f"{DESK}/files/{{written}}", "trainer"),
    Scene("editor-translation", "editor.edit", f"{DESK}/files/{{translation}}", "trainer"),
    Scene("editor-picture", "editor.edit", f"{DESK}/files/{{picture}}", "trainer"),
    Scene("versions", "versions.history", f"{DESK}/versions", "trainer"),
    Scene("version", "versions.one", f"{DESK}/versions/{{version}}", "trainer"),
    Scene("questions-form", "questions.form", f"{DESK}/questions/final.quiz.sv.md", "trainer"),
    Scene("bank", "editor.edit", f"{DESK}/files/{{bank}}.sv.md", "trainer"),
    Scene("bank-translation", "editor.edit", f"{DESK}/files/{{bank}}.en.md", "trainer"),
    Scene("bank-form", "questions.form", f"{DESK}/questions/{{bank}}.sv.md", "trainer"),
    Scene("release", "releases.release", f"{DESK}/release", "trainer"),
    Scene(
        "give-back",
        "studio_publishing.plan",
        f"{DESK}/publish?source=plugin",
        "trainer",
    ),
    Scene("written-people", "written_rights.people", f"{DESK}/people", "trainer"),
    Scene("publish", "studio_publishing.plan", "/studio/courses/{course}/publish", "trainer"),
    Scene(
        "publish-held-back",
        "studio_publishing.plan",
        f"/studio/courses/{HELD_BACK}/publish",
        "trainer",
    ),
    Scene(
        "publish-back",
        "studio_publishing.plan",
        f"/studio/courses/{OTHER}/publish?edition=2",
        "admin",
    ),
    Scene(
        "publish-compared",
        "studio_publishing.comparison",
        f"/studio/courses/{OTHER}/publish/final?edition=2",
        "admin",
    ),
    Scene("reviews", "studio_reviews.overview", f"/studio/courses/{OTHER}/reviews", "admin"),
    Scene("reviews-none", "studio_reviews.overview", "/studio/courses/{course}/reviews", "trainer"),
    Scene("review-desk", "studio_reviews.review", "/studio/reviews/{review}", "admin"),
    Scene("review-desk-ended", "studio_reviews.review", "/studio/reviews/{review_ended}", "admin"),
    Scene("review-front", "reviews.read", "/review/{review}"),
    Scene("review-lesson", "reviews.read", "/review/{review}/needs-question?language=sv"),
    Scene("review-quiz", "reviews.read", "/review/{review}/final"),
    Scene(
        "review-refused",
        "reviews.read",
        "/review/{review}/needs-question",
        status=422,
        act=_comment,
    ),
    Scene("review-gone", "reviews.read", "/review/{review_ended}", status=404),
    Scene("ask", "inquiries.ask", ASK, "asker"),
    Scene("ask-refused", "inquiries.ask", ASK, "asker", 422, _fill({"text": " "})),
    Scene("another-attempt", "inquiries.another_attempt", ANOTHER, "out_of_attempts"),
    Scene("another-attempt-asked", "inquiries.another_attempt", ANOTHER, "asked_another"),
    Scene("my-questions", "inquiries.mine", "/me/questions", "asker"),
    Scene("my-questions-none", "inquiries.mine", "/me/questions", "nobody_yet"),
    Scene("inquiries", "studio_inquiries.overview", "/studio/inquiries", "trainer"),
    Scene(
        "inquiries-answered",
        "studio_inquiries.overview",
        "/studio/inquiries?show=answered",
        "trainer",
    ),
    Scene("inquiry", "studio_inquiries.inquiry", "/studio/inquiries/{inquiry}", "trainer"),
    Scene(
        "inquiry-answered",
        "studio_inquiries.inquiry",
        "/studio/inquiries/{inquiry_answered}",
        "trainer",
    ),
    Scene(
        "inquiry-attempt",
        "studio_inquiries.inquiry",
        "/studio/inquiries/{inquiry_attempt}",
        "trainer",
    ),
    Scene("under-way", "studio_inquiries.attempts", "/studio/courses/{course}/attempts", "trainer"),
    Scene(
        "under-way-none",
        "studio_inquiries.attempts",
        "/studio/courses/hypotheses-and-experiments/attempts",
        "admin",
    ),
    Scene(
        "questions", "studio_remedies.questions", "/studio/courses/{course}/questions", "trainer"
    ),
    Scene("remedy", "studio_remedies.remedy", REMEDY, "trainer"),
    Scene(
        "remedy-refused",
        "studio_remedies.remedy",
        REMEDY,
        "trainer",
        422,
        _fill({"reason": " "}, "main button[value=preview]"),
    ),
    Scene("remedy-preview", "studio_remedies.remedy", REMEDY, "trainer", act=_preview),
    Scene(
        "remedy-decided",
        "studio_remedies.remedy",
        "/studio/courses/{course}/{quiz}/questions/{decided}/remedy",
        "trainer",
    ),
    Scene("paper", "studio.quiz_on_paper", f"/studio/courses/{EVERY_KIND}/final/print", "admin"),
    Scene(
        "paper-answers",
        "studio.quiz_on_paper",
        f"/studio/courses/{EVERY_KIND}/final/print?answers=yes",
        "admin",
    ),
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
    Scene("coordination", "coordination.overview", "/coordination", "coordinator"),
    Scene("invitations", "admin.invitations.overview", "/admin/people/invitations", "hr"),
    Scene(
        "invitations-to-send",
        "admin.invitations.look",
        "/admin/people/invitations/{organisation}/never",
        "hr",
    ),
    Scene("list-to-send", "admin.imports.overview", "/admin/people/import", "hr"),
    Scene("list-of-people", "admin.imports.look", "/admin/people/imports/{list}", "hr"),
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
    Scene("refused", "admin_refused.overview", "/admin/refused", "admin"),
    Scene("refused-none", "admin_refused.overview", "/admin/refused", "hr_of_nobody"),
    Scene("plugins", "admin_plugins.overview", "/admin/plugins", "admin"),
    Scene(
        "plugin-settings",
        "admin_plugins.settings",
        "/admin/plugins/every_kind/settings",
        "admin",
    ),
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
    "coordinator": "niamh.gallagher",
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
    town.newcomer("Berit Lund", language="sv", password=False)
    hasty = town.newcomer("Stina Rask", language="sv")
    town.read(hasty, 1, OTHER)
    town.spend(spent)
    with town.ruled(OTHER, show="one", minutes=45, wait_hours=24.0, counts="last"):
        timed, paused = town.newcomer("Kerttu Niemi"), town.newcomer("Ola Ek", language="sv")
        attempt = town.attempt(timed, OTHER)
        town.attempt(paused, OTHER, send=True, right=False)
    recall = {
        "reminded": town.newcomer("Elsa Lind"),
        "recalling": town.newcomer("Nils Boström"),
        "recalled": town.newcomer("Maja Sundin"),
    }
    for someone in recall.values():
        town.complete(someone, weeks_ago=5)
    town.check(recall["recalling"])
    town.check(recall["recalled"], send=True)
    curious = town.newcomer("Maja Nyfiken", language="sv")
    town.place(curious, "digcomp")
    ids = {
        "timed": attempt,
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
        "kinds_failed": town.attempt(curious, EVERY_KIND, send=True, right=False),
        "kinds_passed": town.attempt(curious, EVERY_KIND, send=True, right=WELL_ANSWERED),
        "kinds_open": town.attempt(curious, EVERY_KIND),
        "practise-question": town.attempt(curious, CHARTS),
        "practise-maps": town.attempt(curious, CHARTS, quiz_id="practise-maps"),
        "practise-publishing": town.attempt(curious, CHARTS, quiz_id="practise-publishing"),
        "practise-sensors": town.attempt(curious, CHARTS, quiz_id="practise-sensors", send=True),
        "certificate": town.certificate(coach),
        "coach": coach.id,
        "organisation": organisation,
        "unit": units[0],
        "invitation": town.link(late, INVITATION),
        "reset": town.link(late, RESET),
        "spent": spent,
    }
    ids |= listed.prepare(town, organisation, town.person(PEOPLE["hr"]))
    ids |= required.prepare(town, COURSE, town.person(PEOPLE["hr"]))
    ids |= recognised.prepare(town, OTHER, coach, town.person(PEOPLE["hr"]))
    town.ask_again(OTHER)
    ids["then"] = (clock.utcnow() - timedelta(days=60)).date().isoformat()
    ids |= asked.prepare(town, COURSE, town.person(PEOPLE["trainer"]))
    ids |= reviewed.prepare(town, OTHER, town.person(PEOPLE["trainer"]))
    ids |= rounds.prepare(town, COURSE)
    colleague = town.newcomer("Gunilla Berg", language="sv")
    ids |= written.prepare(town, COURSE, town.person(PEOPLE["trainer"]), colleague)
    written.hold_back(town, HELD_BACK, town.person(PEOPLE["trainer"]))
    accounts = {key: town.person(name).account for key, name in PEOPLE.items()}
    for who in (
        "co_author",
        "asker",
        "asked_another",
        "out_of_attempts",
        "asked_to_round",
        "waiting_for_round",
    ):
        accounts[who] = ids[who]
    accounts |= {"hasty": hasty.account, "timed": timed.account, "paused": paused.account}
    accounts |= {key: someone.account for key, someone in recall.items()}
    accounts["curious"] = curious.account
    _practise(town, ids, accounts)
    accounts["hr_of_nobody"] = town.newcomer("Ylva Ström", "hr", "sv", island).account
    return Stage(ids, accounts)


def _practise(town: Town, ids: dict[str, str], accounts: dict[str, str]) -> None:
    """Cases in each state, one of them overdue, and an assessor for each."""
    practice = Practice(town, OTHER)
    practice.case(town.person(PEOPLE["coach"]), hand_in=False, files=2)
    for account in ("mikael.oberg", "fatima.hassan"):
        practice.case(town.person(account), days_ago=20)
    for state, name in (("passed", "Maj Lind"), ("returned", "Ulla Norén"), ("disputed", "Bo Ås")):
        who = town.newcomer(name, language="sv")
        accounts[state] = who.account
        case = practice.case(who, files=1)
        practice.score(case, 1, enough=state == "passed")
        practice.score(case, 2, enough=state != "returned")
        seats = practice.seats(case)
        ids[{"returned": "case_decided"}.get(state, f"case_{state}")] = case
        accounts["third" if 3 in seats else "decider"] = practice.account(seats[max(seats)])
    waiting = town.newcomer("Sixten Frisk", language="sv")
    accounts["waiting"] = waiting.account
    ids["to_score"] = practice.case(waiting, files=2)
    accounts["assessor"] = practice.account(practice.seats(ids["to_score"])[1])
    nobody = town.new_organisation("Skärgårdens kommun")
    accounts["new_assessor"] = town.newcomer("Gun Dahl", "assessor", "sv", nobody).account
