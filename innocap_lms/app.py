"""The app factory: a numbered list of steps, and the one place that wires rooms together."""

from collections.abc import Iterable
from datetime import timedelta

from flask import Blueprint, Flask
from jinja2 import FileSystemLoader, PrefixLoader

from innocap_lms.admin import disposal, import_work, importing, plugin_settings
from innocap_lms.admin.agreements import views as admin_agreements_views
from innocap_lms.admin.jobs import views as admin_jobs_views
from innocap_lms.admin.plugins import views as admin_plugins_views
from innocap_lms.admin.refused import views as admin_refused_views
from innocap_lms.admin.views import views as admin_views
from innocap_lms.analysis.views import views as analysis_views
from innocap_lms.authoring import saving
from innocap_lms.authoring.rights import RIGHTS_MAIL_JOB, takes_part
from innocap_lms.authoring.services import SAVE_JOB
from innocap_lms.catalogue.views import views as catalogue_views
from innocap_lms.config import Settings, secret_key
from innocap_lms.content.model import Task
from innocap_lms.credentials import checkpoints
from innocap_lms.credentials import services as credentials
from innocap_lms.credentials.check_views import views as credential_checks_views
from innocap_lms.credentials.files_views import views as credential_files_views
from innocap_lms.credentials.keystore import key_store
from innocap_lms.credentials.office_views import views as credential_office_views
from innocap_lms.credentials.proof_views import views as credential_proofs_views
from innocap_lms.credentials.views import views as credentials_views
from innocap_lms.engines import engine_options
from innocap_lms.extensions import babel, init_database, is_writing, login_manager, writing
from innocap_lms.hr import digest_mail, progress, rule_tries, view_mail
from innocap_lms.hr.coordination_views import views as coordination_views
from innocap_lms.hr.export_views import views as hr_export_views
from innocap_lms.hr.matrix_views import views as hr_matrix_views
from innocap_lms.hr.named import hold_to_scope
from innocap_lms.hr.notice_views import views as hr_notice_views
from innocap_lms.hr.noting_views import views as hr_noting_views
from innocap_lms.hr.people_views import views as hr_people_views
from innocap_lms.hr.report_views import views as hr_report_views
from innocap_lms.hr.requirement_views import views as hr_requirement_views
from innocap_lms.hr.saved_view_views import views as hr_saved_view_views
from innocap_lms.hr.units_by_name import lead_to_unit
from innocap_lms.hr.views import views as hr_views
from innocap_lms.inquiries import mail as inquiry_mail
from innocap_lms.inquiries.desk import views as inquiry_desk_views
from innocap_lms.inquiries.remedy_views import views as remedy_views
from innocap_lms.inquiries.services import ANSWER_MAIL_JOB
from innocap_lms.inquiries.views import views as inquiry_views
from innocap_lms.jobs.outbox import purge
from innocap_lms.jobs.relay import Handler, Relay
from innocap_lms.jobs.schedule import Repeating
from innocap_lms.learning import built_in, marking_again, regrading, responses
from innocap_lms.learning.attempt_views import views as attempt_views
from innocap_lms.learning.closing import close_what_is_over
from innocap_lms.learning.completing import CERTIFICATE_JOB, CHANGED_JOB
from innocap_lms.learning.programme_views import views as programme_views
from innocap_lms.learning.retention_views import views as retention_views
from innocap_lms.learning.saving_views import views as saving_views
from innocap_lms.learning.views import views as learning_views
from innocap_lms.ledger import services as ledger
from innocap_lms.migrations.plugin_rows import PluginRows
from innocap_lms.people import inviting, policy, refusals
from innocap_lms.people import mail as people_mail
from innocap_lms.people.cookies import SignedOnce
from innocap_lms.people.form_tokens import init_form_tokens
from innocap_lms.people.language import request_locale, request_timezone
from innocap_lms.people.queries import load_viewer
from innocap_lms.people.views import views as people_views
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.printing.views import views as printing_views
from innocap_lms.recognition import evidence, intakes, working
from innocap_lms.recognition import following as recognition_following
from innocap_lms.recognition.correction_views import views as hr_corrections_views
from innocap_lms.recognition.external_views import views as hr_training_views
from innocap_lms.recognition.intake_views import views as hr_intakes_views
from innocap_lms.recognition.own_views import views as own_record_views
from innocap_lms.requirements import following, reminding
from innocap_lms.requirements.renewals import is_required_again
from innocap_lms.reviews import services as reviews
from innocap_lms.reviews.desk import views as review_desk_views
from innocap_lms.reviews.views import views as review_views
from innocap_lms.rounds import following as rounds_following
from innocap_lms.rounds import mail as rounds_mail
from innocap_lms.rounds import retention as rounds_retention
from innocap_lms.rounds.desk_views import views as rounds_desk_views
from innocap_lms.rounds.leading_views import views as rounds_leading_views
from innocap_lms.rounds.people_views import views as rounds_people_views
from innocap_lms.rounds.views import views as rounds_views
from innocap_lms.self_assessment.views import views as self_assessment_views
from innocap_lms.studio import rights_mail
from innocap_lms.studio.editor import views as editor_views
from innocap_lms.studio.exchange import views as exchange_views
from innocap_lms.studio.publishing import views as publishing_views
from innocap_lms.studio.questions import views as questions_views
from innocap_lms.studio.releases import views as releases_views
from innocap_lms.studio.versions import views as versions_views
from innocap_lms.studio.views import views as studio_views
from innocap_lms.studio.writing import views as writing_views
from innocap_lms.studio.written_rights import views as written_rights_views
from innocap_lms.tasks import assessing
from innocap_lms.tasks import mail as task_mail
from innocap_lms.tasks.cases import views as cases_views
from innocap_lms.tasks.desk import views as assessing_views
from innocap_lms.tasks.views import former_page, task_page
from innocap_lms.tasks.views import views as tasks_views
from innocap_lms.web.errors import init_errors
from innocap_lms.web.headers import init_headers
from innocap_lms.web.mount import init_mount
from innocap_lms.web.shell import init_shell
from innocap_lms.web.views import views as web_views

MAX_FORM_BYTES = 1_000_000

ROOMS = (
    web_views,
    people_views,
    catalogue_views,
    printing_views,
    learning_views,
    inquiry_views,
    programme_views,
    attempt_views,
    saving_views,
    retention_views,
    self_assessment_views,
    tasks_views,
    assessing_views,
    cases_views,
    credentials_views,
    credential_files_views,
    credential_proofs_views,
    credential_checks_views,
    credential_office_views,
    rounds_views,
    rounds_desk_views,
    rounds_leading_views,
    rounds_people_views,
    hr_views,
    hr_matrix_views,
    hr_requirement_views,
    hr_noting_views,
    hr_corrections_views,
    hr_intakes_views,
    hr_training_views,
    own_record_views,
    coordination_views,
    hr_export_views,
    hr_notice_views,
    hr_people_views,
    hr_report_views,
    hr_saved_view_views,
    studio_views,
    publishing_views,
    writing_views,
    editor_views,
    versions_views,
    questions_views,
    releases_views,
    exchange_views,
    written_rights_views,
    inquiry_desk_views,
    remedy_views,
    review_views,
    review_desk_views,
    analysis_views,
    admin_views,
    admin_agreements_views,
    admin_plugins_views,
    admin_jobs_views,
    admin_refused_views,
)

JOBS: dict[str, Handler] = {
    CERTIFICATE_JOB: credentials.issue,
    CHANGED_JOB: recognition_following.follow,
    rounds_following.JUDGE_JOB: rounds_following.judge,
    people_mail.INVITATION_JOB: people_mail.send_invitation,
    people_mail.RESET_JOB: people_mail.send_reset,
    importing.IMPORT_JOB: import_work.carry_out,
    inviting.BATCH_JOB: inviting.send_batch,
    ANSWER_MAIL_JOB: inquiry_mail.send_answer,
    regrading.REMEDY_JOB: regrading.carry_out,
    regrading.RESULT_MAIL_JOB: inquiry_mail.send_result,
    marking_again.MARKED_MAIL_JOB: inquiry_mail.send_marked,
    assessing.DRAWN_JOB: task_mail.send_drawn,
    assessing.DECIDED_JOB: task_mail.send_decided,
    task_mail.REMINDER_JOB: task_mail.send_reminder,
    SAVE_JOB: saving.carry_out,
    RIGHTS_MAIL_JOB: rights_mail.send_rights,
    reminding.DIGEST_JOB: digest_mail.send_digest,
    rule_tries.TRY_JOB: rule_tries.carry_out,
    working.INTAKE_JOB: working.carry_out,
    rounds_mail.ROUND_MAIL_JOB: rounds_mail.send_told,
    rounds_mail.HELP_MAIL_JOB: rounds_mail.send_help,
    view_mail.VIEW_MAIL_JOB: view_mail.send_view,
}


def create_app(settings: Settings, also: Iterable[Blueprint] = ()) -> Flask:
    """A new app, with the pages of `also` beside its own. Raises SettingsError, and RuntimeError
    for a route without a policy."""
    app = Flask(__name__, static_folder=None)
    _1_configure(app, settings)
    _2_bind_extensions(app)
    _3_load_plugins(app, settings)
    _4_mount_rooms(app, also)
    _5_dress(app, settings)
    _6_start_relay(app, settings)
    _7_hold_policies(app)
    return app


def _1_configure(app: Flask, settings: Settings) -> None:
    app.extensions["innocap_settings"] = settings
    app.extensions["innocap_key_store"] = key_store(settings)
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="innocap",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_REFRESH_EACH_REQUEST=False,
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        SQLALCHEMY_BINDS=engine_options(settings.database, settings.pool_size),
    )
    app.session_interface = SignedOnce(app)
    init_mount(app, settings.trusted_proxies)


def _2_bind_extensions(app: Flask) -> None:
    init_database(app)
    init_form_tokens(app)
    login_manager.init_app(app, add_context_processor=False)  # pages know their viewer
    login_manager.session_protection = None  # sessions live in the database
    login_manager.user_loader(load_viewer)
    babel.init_app(app, locale_selector=request_locale, timezone_selector=request_timezone)


def _3_load_plugins(app: Flask, settings: Settings) -> None:
    host = PluginHost(
        strict=settings.strict_plugins or app.debug,
        may_call=_refuse_while_writing,
        quarantine=settings.data_dir / "quarantine",
        kept=plugin_settings.kept,
        tables=PluginRows(),
    )
    host.load({"question_kinds": built_in}, settings.plugin_dirs)
    app.extensions["innocap_host"] = host
    # Each plugin's templates stand under its own name, so none can take the place of another's.
    folders = {name: FileSystemLoader(folder) for name, folder in host.templates.items()}
    app.jinja_loader = PrefixLoader(folders)


def _refuse_while_writing() -> None:
    if is_writing():
        raise RuntimeError("a plugin is never called while a write transaction is open")


def _4_mount_rooms(app: Flask, also: Iterable[Blueprint]) -> None:
    for views in (*ROOMS, *also):
        app.register_blueprint(views)
    app.extensions["innocap_activity_pages"] = {Task: task_page}
    app.extensions["innocap_former_page"] = former_page
    app.extensions["innocap_takes_part"] = takes_part
    app.extensions["innocap_required_again"] = is_required_again


def _5_dress(app: Flask, settings: Settings) -> None:
    init_shell(app, settings)
    init_errors(app)
    init_headers(app, secure=settings.secure)


def _6_start_relay(app: Flask, settings: Settings) -> None:
    repeating = (
        Repeating("ledger.checkpoint", timedelta(hours=1), checkpoints.note_daily),
        Repeating("ledger.seal", timedelta(seconds=30), _seal),
        Repeating("standings.follow", timedelta(seconds=10), following.follow),
        Repeating("standings.remind", timedelta(days=1), reminding.ask_for_digests),
        Repeating("rounds.dispose", timedelta(days=1), rounds_retention.dispose),
        Repeating("rounds.follow", timedelta(minutes=1), rounds_following.follow),
        Repeating("lists.forget", timedelta(days=1), intakes.forget_old),
        Repeating("exports.forget", timedelta(days=1), progress.forget_old),
        Repeating("tries.forget", timedelta(days=1), rule_tries.forget_old),
        Repeating("views.mail", timedelta(days=1), view_mail.ask_for_views),
        Repeating("evidence.sweep", timedelta(days=1), evidence.sweep),
        Repeating("attempts.close", timedelta(seconds=30), close_what_is_over),
        Repeating("attempts.mark_again", timedelta(hours=1), marking_again.mark_again),
        Repeating("responses.release", timedelta(minutes=10), responses.release),
        Repeating("outbox.purge", timedelta(days=1), purge),
        Repeating("profiles.dispose", timedelta(days=1), disposal.dispose_profiles),
        Repeating("invitations.forget", timedelta(days=1), inviting.forget_invitations),
        Repeating("imports.forget", timedelta(days=1), importing.forget_lists),
        Repeating("authoring.forget", timedelta(days=1), saving.forget_saves),
        Repeating("reviews.forget", timedelta(days=1), reviews.forget_old),
        Repeating("tasks.look_after", timedelta(hours=1), task_mail.look_after),
    )
    relay = Relay(app, JOBS, repeating)
    app.extensions["innocap_relay"] = relay
    if settings.relay:
        app.before_request(relay.start)  # on the first request, so after any fork


def _seal() -> None:
    """Seal what is waiting, batch by batch."""
    sealed = ledger.BATCH
    while sealed == ledger.BATCH:
        with writing():
            sealed = ledger.seal()


def _7_hold_policies(app: Flask) -> None:
    missing = policy.routes_without_policy(app)
    if missing:
        raise RuntimeError(f"routes without a policy: {', '.join(missing)}")
    app.before_request(policy.enforce)
    app.before_request(hold_to_scope)
    app.before_request(lead_to_unit)
    app.after_request(refusals.note_refusal)
