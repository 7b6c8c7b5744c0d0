"""Who may open a route. Deny by default: a route without a policy stops the start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from innocap_lms.people.queries import catalogue_is_closed
from innocap_lms.people.viewer import Viewer

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


@dataclass(frozen=True)
class Policy:
    """Who a route is for: anyone, whoever is signed in, or the holders of one of `roles`.

    `of_catalogue`: public, unless an organisation has closed the catalogue to strangers.
    `asks_itself`: the view asks for the session in the statement that reads what is its holder's.
    `changes_nothing`: what is sent is read and answered, and nothing of the sender is looked at.
    """

    public: bool = False
    changes_nothing: bool = False
    of_catalogue: bool = False
    roles: tuple[str, ...] = ()
    asks_itself: bool = False

    def allows(self, viewer: Viewer | None) -> bool:
        if self.public:
            return True
        if viewer is None:
            return False
        return not self.roles or viewer.has(*self.roles)


def _declare(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Open to anyone."""
    return _declare(view, Policy(public=True))


def for_programs_too(view: View) -> View:
    """Open to anyone who sends something to have it looked at. It changes nothing, so no token of a
    form of ours is asked for, which programs do not have."""
    return _declare(view, Policy(public=True, changes_nothing=True))


def of_catalogue(view: View) -> View:
    """Open to anyone; where an organisation has closed the catalogue, strangers sign in first."""
    return _declare(view, Policy(public=True, of_catalogue=True))


def signed_in(view: View) -> View:
    """Open to whoever is signed in; what they see is a matter of scope."""
    return _declare(view, Policy())


def holder_of_session(view: View) -> View:
    """Open to whoever is signed in, where a view is asked so often that one statement must do: it
    reads by `session_token` and `people.queries.is_asking`, and gives `nothing_of_theirs` for
    what that does not find."""
    return _declare(view, Policy(asks_itself=True))


def session_token() -> str:
    """The secret of the session of this request, or "": nobody has looked yet whether it holds."""
    return str(session.get("_user_id") or "")


def nothing_of_theirs() -> ResponseReturnValue:
    """What a view that asks itself answers where it finds nothing: the way to sign in, or 404."""
    return _sign_in_first() if current_viewer() is None else abort(404)


def allow(*roles: str) -> Callable[[View], View]:
    """Open to the holders of one of these roles; for others the page does not exist."""
    return lambda view: _declare(view, Policy(roles=roles))


def current_viewer() -> Viewer | None:
    """Who is asking, or None when nobody is signed in. Looked up once per request."""
    if "viewer" not in g:
        user = current_user._get_current_object()
        g.viewer = user if isinstance(user, Viewer) else None
    viewer: Viewer | None = g.viewer
    return viewer


def require_viewer() -> Viewer:
    """Who is asking, in a view whose policy asks for a sign-in."""
    viewer = current_viewer()
    if viewer is None:
        raise LookupError("this view's policy lets in people who are not signed in")
    return viewer


def enforce() -> ResponseReturnValue | None:
    """Before each request: hold the route's policy. Not yours and not there are the same 404."""
    if request.endpoint is None:
        return None  # no such address: the 404 follows
    if "\0" in request.path:
        abort(404)
    for sent in (request.args, request.form):
        if any("\0" in value for values in sent.listvalues() for value in values):
            abort(400)  # no form or address of ours has one, and PostgreSQL takes none
    policy = policy_of(request.endpoint)
    if policy.of_catalogue and current_viewer() is None and catalogue_is_closed():
        return _sign_in_first()
    if policy.public or (policy.asks_itself and session_token()):
        return None
    viewer = current_viewer()
    if viewer is None:
        return _sign_in_first()
    if not policy.allows(viewer):
        abort(404)
    return None


def _sign_in_first() -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    return redirect(url_for("people.sign_in"))


def policy_of(endpoint: str) -> Policy:
    """What a route declares."""
    view: Any = current_app.view_functions[endpoint]
    policy: Policy = view.policy
    return policy


def routes_without_policy(app: Flask) -> list[str]:
    """The endpoints that declare no policy; a core app with any refuses to start."""
    return sorted(name for name, view in app.view_functions.items() if not hasattr(view, "policy"))
