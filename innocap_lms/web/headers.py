"""Headers of every response, and compression where it gives nothing away."""

import gzip

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
WORTH_BYTES = 1000


def init_headers(app: Flask, *, secure: bool) -> None:
    """Set the headers after each request; `secure` adds HSTS, for sites reached by https."""

    fixed = {**FIXED, "Strict-Transport-Security": "max-age=31536000"} if secure else FIXED

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.extend(fixed)
        if "Content-Security-Policy" not in headers:  # a picture that is a document has its own
            headers["Content-Security-Policy"] = POLICY
        if "Cache-Control" not in headers:  # pages name people: no browser or proxy keeps one
            headers["Cache-Control"] = "private, no-store"
        return _compress(response)


def _compress(response: Response) -> Response:
    # A page that repeats what the address or a form said is left alone: compressed together with
    # the form token, its length would tell of the token (the BREACH attack, 2013).
    if (
        response.mimetype != "text/html"
        or response.is_streamed
        or request.method != "GET"
        or request.query_string
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) > WORTH_BYTES:
        response.set_data(gzip.compress(body, 4))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response
