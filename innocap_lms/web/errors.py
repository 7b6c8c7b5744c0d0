"""Errors as pages: what happened, that nothing is lost, what to do. To programs as JSON."""

import json
import logging
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests

from innocap_lms.engines import is_full
from innocap_lms.extensions import let_reads_go
from innocap_lms.ids import new_id
from innocap_lms.people.form_tokens import FormRefused
from innocap_lms.people.programs import wants_json

log = logging.getLogger(__name__)


def init_errors(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(FormRefused, _form_too_old)
    app.register_error_handler(TooManyRequests, _too_often)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _unexpected)


def _form_too_old(_error: Exception) -> ResponseReturnValue:
    return _page(
        400,
        _("This form is too old"),
        _("The page had been open for a long time, so the form was not accepted."),
        _("Go back, load the page again and send the form once more."),
    )


def _too_often(error: TooManyRequests) -> ResponseReturnValue:
    page, code = _page(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Please wait a moment"),
        _("This was asked for very often in a short time, so the site lets some time pass."),
        _("Try again in a minute."),
    )
    return page, code, [each for each in error.get_headers() if each[0] == "Retry-After"]


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    if code == HTTPStatus.NOT_FOUND:
        return _page(
            code,
            _("This page is not here"),
            _("The address may be mistyped, or the page is for somebody else."),
            _("Check the address, or begin on the start page."),
        )
    if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        most = format_decimal((request.max_content_length or 0) / 1_000_000)
        todo = _("Here, %(size)s MB can be sent at once. Send less, or in parts.", size=most)
        return _page(code, _("That was too much at once"), _("What was sent is too large."), todo)
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _page(
            code,
            _("That cannot be done now"),
            _("The fault is ours, not yours."),
            _("Try again in a moment. If it happens again, tell whoever runs this site."),
        )
    if code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _page(code, _("That cannot be done here"), _("The page does not take that."), "")
    return _page(code, _("That did not work"), _("The request could not be understood."), "")


def _unexpected(error: InternalServerError) -> ResponseReturnValue:
    reference = new_id()[:8]
    log.error("what went wrong above is error %s", reference)  # Flask has logged the trace
    let_reads_go()
    g.viewer = g.get("viewer")  # who it was is not asked again of a database that may be away
    if is_full(error.original_exception):
        return _page(
            HTTPStatus.INSUFFICIENT_STORAGE,
            _("The site has no room left"),
            _("Its disk is full, so what you sent now was not kept."),
            _("Go back, copy what you wrote, and send it again once there is room."),
            reference,
            _("What was kept before is still there. Whoever runs the site has to make room."),
        )
    return _page(
        500,
        _("Something went wrong here"),
        _("The fault is ours, not yours. It has been noted."),
        _("Try again in a moment. If it happens again, tell us the reference below."),
        reference,
    )


def _page(
    code: int, title: str, what: str, todo: str, reference: str = "", nothing_lost: str = ""
) -> tuple[str | Response, int]:
    if wants_json():
        return _problem(code, title, " ".join(one for one in (what, todo) if one), reference), code
    page = render_template(
        "web/error.html",
        code=code,
        title=title,
        what=what,
        todo=todo,
        reference=reference,
        nothing_lost=nothing_lost,
    )
    return page, code


def _problem(code: int, title: str, detail: str, reference: str) -> Response:
    """Source: RFC 9457, Problem Details for HTTP APIs."""
    said = {"status": code, "title": title, "detail": detail}
    if reference:
        said["reference"] = reference
    return Response(json.dumps(said, ensure_ascii=False), mimetype="application/problem+json")
