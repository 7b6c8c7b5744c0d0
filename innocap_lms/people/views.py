"""Signing in and out, links and codes, and a person's own account, over HTTP."""

from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from innocap_lms.extensions import writing
from innocap_lms.people import passes, queries, services
from innocap_lms.people.browser import (
    entrance,
    explained,
    let_in,
    missing,
    refused,
    site_settings,
    with_cookie,
)
from innocap_lms.people.entrance import SuspendedError, WrongAnswerError
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import ABROAD, LANGUAGES
from innocap_lms.people.language import COOKIE as LANGUAGE_COOKIE
from innocap_lms.people.local_path import local_path
from innocap_lms.people.passwords import BusyError
from innocap_lms.people.policy import current_viewer, public, require_viewer, signed_in
from innocap_lms.people.sign_in import AccountChangedError, end_session
from innocap_lms.people.throttle import ThrottledError
from innocap_lms.people.viewer import Viewer

views = Blueprint("people", __name__, template_folder="templates")

THEMES = ("light", "dark", "contrast", "system")
THEME_COOKIE = "theme"

Errors = dict[str, str]
TakesPart = Callable[[Viewer], bool]  # whether others let somebody write or publish courses


@views.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    target = local_path(request.values.get("next"))
    if request.method != "POST":
        if current_viewer():
            return redirect(target or url_for("web.front"))
        return render_template("people/sign_in.html", target=target, errors={}, account="")
    account, password = request.form.get("account", ""), request.form.get("password", "")
    errors = missing(account=account, password=password)
    if not errors:
        try:
            return let_in(entrance().by_password(account, password), target)
        except WrongAnswerError:
            errors = {
                "account": _(
                    "This name and password do not match. Check both. "
                    "Upper and lower case matter in the password."
                )
            }
        except (SuspendedError, ThrottledError, BusyError) as error:
            return refused("people/sign_in.html", error, target=target, account=account)
    return render_template(
        "people/sign_in.html", target=target, errors=errors, account=account
    ), 422


@views.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    viewer = current_viewer()
    if viewer:
        with writing():
            end_session(viewer.token)
    logout_user()
    session.clear()
    flash(_("You have signed out."), "success")
    return redirect(url_for("web.front"), 303)


@views.route("/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    if request.method != "POST":
        account = request.args.get("account", "")
        return render_template("people/code.html", errors={}, account=account)
    account, typed = request.form.get("account", ""), request.form.get("code", "")
    password = request.form.get("password", "")
    errors = missing(account=account, code=typed, password=password)
    if not errors:
        try:
            return let_in(entrance().by_code(account, typed, password))
        except (WrongAnswerError, passes.PassSpentError, AccountChangedError):
            errors = {
                "code": _(
                    "This name and code do not match, or the code has been "
                    "used or is too old. Check both, or ask for a new code."
                )
            }
        except InvalidInputError as error:
            errors = error.errors
        except (ThrottledError, BusyError) as error:
            return refused("people/code.html", error, account=account)
    return render_template("people/code.html", errors=errors, account=account), 422


@views.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    if request.method != "POST":
        return render_template("people/forgot.html", errors={}, account="", asked=False)
    account = request.form.get("account", "")
    errors = missing(account=account)
    if errors:
        return render_template("people/forgot.html", errors=errors, account=account), 422
    try:
        entrance().ask_for_reset(account)
    except ThrottledError as error:
        return refused("people/forgot.html", error, account=account)
    return render_template("people/forgot.html", errors={}, account=account, asked=True)


@views.route("/invite/<secret>", methods=["GET", "POST"])
@public
def invite(secret: str) -> ResponseReturnValue:
    return _by_link(secret, passes.INVITATION)


@views.route("/reset/<secret>", methods=["GET", "POST"])
@public
def reset(secret: str) -> ResponseReturnValue:
    return _by_link(secret, passes.RESET)


def _by_link(secret: str, purpose: str) -> ResponseReturnValue:
    """Looking at a link spends nothing: mail programs look ahead. Only the answer does."""
    try:
        opened = passes.find_link(secret, purpose)
        if request.method != "POST":
            return render_template("people/link.html", purpose=purpose, who=opened, errors={})
        password = request.form.get("password", "")
        errors = missing(password=password)
        if not errors:
            return let_in(entrance().by_link(secret, purpose, password))
    except InvalidInputError as error:
        errors = error.errors
    except BusyError as error:
        return refused("people/link.html", error, purpose=purpose, who=opened)
    except AccountChangedError:
        return render_template("people/link_over.html", purpose=purpose, reason="unknown"), 404
    except passes.PassSpentError as error:
        status = 404 if error.reason == "unknown" else 410
        return render_template(
            "people/link_over.html", purpose=purpose, reason=error.reason
        ), status
    return render_template("people/link.html", purpose=purpose, who=opened, errors=errors), 422


@views.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    if request.method != "POST":
        return _account_page({})
    language, timezone = request.form.get("language", ""), request.form.get("timezone", "")
    errors: Errors = {}
    if language not in LANGUAGES:
        errors["language"] = _("Choose one of the languages.")
    if timezone and timezone not in available_timezones():
        errors["timezone"] = _("Choose one of the time zones.")
    if errors:
        return _account_page(errors)
    with writing():
        services.set_preferences(require_viewer().id, language=language, timezone=timezone or None)
    flash(_("Your choices are saved."), "success")
    return with_cookie(redirect(url_for(".account"), 303), LANGUAGE_COOKIE, language)


@views.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    old, new = request.form.get("old_password", ""), request.form.get("password", "")
    errors = missing(old_password=old, password=new)
    if not errors:
        try:
            entrance().change_password(require_viewer(), old, new)
        except WrongAnswerError:
            errors = {"old_password": _("This is not your current password.")}
        except InvalidInputError as error:
            errors = error.errors
        except (ThrottledError, BusyError) as error:
            message, status = explained(error)
            return _account_page({"old_password": message}, status)
    if errors:
        return _account_page(errors)
    flash(_("Your password is changed. Other browsers have been signed out."), "success")
    return redirect(url_for(".account"), 303)


@views.post("/account/sessions")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    viewer = require_viewer()
    with writing():
        services.end_sessions(viewer.id, keep_token=viewer.token)
    flash(_("You are signed out everywhere but here."), "success")
    return redirect(url_for(".account"), 303)


@views.route("/language/<code>", methods=["GET", "POST"])
@public
def language(code: str) -> ResponseReturnValue:
    if code not in ABROAD:
        abort(404)
    viewer = current_viewer()
    if viewer and viewer.language != code and code in LANGUAGES:
        with writing():
            services.set_preferences(viewer.id, language=code, timezone=viewer.timezone)
    return with_cookie(_back(), LANGUAGE_COOKIE, code)


@views.route("/theme/<code>", methods=["GET", "POST"])
@public
def theme(code: str) -> ResponseReturnValue:
    if code not in THEMES:
        abort(404)
    return with_cookie(_back(), THEME_COOKIE, code)


def _back() -> Response:
    """To the page that is named, else to the one the browser came from, else to the first."""
    target = local_path(request.values.get("next")) or local_path(_came_from())
    return make_response(redirect(target or url_for("web.front"), 303))


def _came_from() -> str:
    page = urlsplit(request.referrer or "")
    if page.netloc != request.host:
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


def _account_page(errors: Errors, status: int = 422) -> ResponseReturnValue:
    viewer = require_viewer()
    takes_part: TakesPart = current_app.extensions["innocap_takes_part"]
    page = render_template(
        "people/account.html",
        errors=errors,
        person=queries.account_of(viewer.id),
        language=request.form.get("language", viewer.language),
        timezone=request.form.get("timezone", viewer.timezone or ""),
        timezones=sorted(zone for zone in available_timezones() if zone.startswith(_ZONES)),
        site_timezone=site_settings().timezone,
        choices=list(LANGUAGES.items()),
        takes_part=takes_part(viewer),
    )
    return page, status if errors else 200


_ZONES = ("Europe/", "Atlantic/", "UTC")
