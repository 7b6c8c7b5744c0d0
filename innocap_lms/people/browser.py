"""A browser at the door: which address and device it is, what it is told, which cookies it gets."""

from datetime import datetime, timedelta

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _
from flask_login import login_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import writing
from innocap_lms.ids import new_id
from innocap_lms.people.entrance import Entered, Entrance, SuspendedError
from innocap_lms.people.policy import current_viewer
from innocap_lms.people.queries import load_viewer
from innocap_lms.people.sign_in import end_session
from innocap_lms.people.throttle import Throttle, ThrottledError

DEVICE_COOKIE = "device"
A_YEAR = 31_536_000  # seconds


def with_cookie(response: ResponseReturnValue, name: str, value: str) -> Response:
    """`response`, setting a cookie for a year that no script can read."""
    kept = make_response(response)
    kept.set_cookie(
        name, value, max_age=A_YEAR, secure=site_settings().secure, httponly=True, samesite="Lax"
    )
    return kept


def site_settings() -> Settings:
    """The settings of the app that answers."""
    settings: Settings = current_app.extensions["innocap_settings"]
    return settings


def _devices() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="people.device")


def entrance() -> Entrance:
    """The way in for the browser that is asking."""
    settings = site_settings()
    try:
        device = str(_devices().loads(request.cookies.get(DEVICE_COOKIE, "")))
    except BadSignature:
        device = ""
    throttle = Throttle(
        str(current_app.secret_key), settings.sign_in_per_account, settings.sign_in_per_address
    )
    return Entrance(settings, throttle, request.remote_addr or "", device)


def let_in(entered: Entered, target: str | None = None) -> Response:
    """Begin a session of its own: nothing of the one before it is kept (session fixation)."""
    before = current_viewer()
    if before:
        with writing():
            end_session(before.token)
    session.clear()
    login_user(load_viewer(entered.token))
    device = f"{entered.person_id}:{new_id()}"
    response = redirect(target or url_for("web.front"), 303)
    return with_cookie(response, DEVICE_COOKIE, str(_devices().dumps(device)))


def missing(**values: str) -> dict[str, str]:
    """What to write in the fields that were left empty, by field."""
    texts = {
        "account": _("Enter your e-mail address or login name."),
        "password": _("Enter a password."),
        "old_password": _("Enter your current password."),
        "code": _("Enter the code from the paper."),
    }
    return {name: texts[name] for name, value in values.items() if not value.strip()}


def explained(error: Exception) -> tuple[str, int]:
    """What to tell somebody who was not heard, and the status of the answer."""
    if isinstance(error, ThrottledError):
        return _(
            "Too many tries. Nothing is lost: try again at %(time)s. A link by e-mail or "
            "a printed code works now.",
            time=_next_minute(error.until),
        ), 429
    if isinstance(error, SuspendedError):
        return _("This account is closed for now. Ask whoever invited you."), 403
    return _("Many people are signing in right now. Try again in a minute."), 503


def _next_minute(moment: datetime) -> str:
    return str(format_time(moment + timedelta(seconds=59), "short"))


def refused(template: str, error: Exception, **values: object) -> ResponseReturnValue:
    """The form once more, with the reason why it was not heard."""
    message, status = explained(error)
    response = make_response(render_template(template, errors={"": message}, **values), status)
    if isinstance(error, ThrottledError):
        seconds = int((error.until - clock.utcnow()).total_seconds()) + 1
        response.headers["Retry-After"] = str(max(seconds, 1))
    return response
