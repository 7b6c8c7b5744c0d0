"""Where the site stands: at the root of its host, behind as many proxies as its settings say."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def init_mount(app: Flask, proxies: int) -> None:
    """Take address, scheme and host from so many `proxies` before the site; from none at 0."""
    app.wsgi_app = _at_the_root(app.wsgi_app)  # type: ignore[method-assign,assignment]
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def _at_the_root(wsgi: "WSGIApplication") -> "WSGIApplication":
    """A site has a host to itself. Servers take SCRIPT_NAME from a header too: whoever sends one
    would decide where the links of kept pages lead."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = ""
        return wsgi(environ, start)

    return answer
