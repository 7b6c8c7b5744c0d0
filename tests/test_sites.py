"""Sites that are lent: what a test does to one is not there for the next."""

from flask import Flask

from innocap_lms.app import create_app
from innocap_lms.config import Settings
from tests.sites import Sites


def test_a_site_comes_back_as_it_was_when_it_was_new(settings: Settings) -> None:
    sites = Sites()
    with sites.lent(settings, lambda: create_app(settings)) as lent:
        host = lent.extensions["innocap_host"]
        names, designs = list(host.tracks), list(host.designs)
        before = list(lent.before_request_funcs[None])
        lent.config["TESTING"] = True
        lent.extensions["own"] = "test"
        lent.before_request(lambda: None)
        lent.jinja_env.globals["own"] = "test"
        lent.extensions["innocap_relay"].wake()
        host.tracks.pop(names[0])
        host.designs = []
        host.quarantine._here["northern_track"] = "too slow"
    with sites.lent(settings, _none_is_made) as again:
        assert again is lent
        assert not again.config["TESTING"]
        assert "own" not in again.extensions
        assert "own" not in again.jinja_env.globals
        assert again.before_request_funcs[None] == before
        assert not again.extensions["innocap_relay"]._wake.is_set()
        assert list(host.tracks) == names
        assert host.designs == designs
        assert host.quarantine._here == {}


def _none_is_made() -> Flask:
    raise AssertionError("the one that was given back is not lent again")


def test_a_site_with_an_address_more_is_lent_to_nobody_else(settings: Settings) -> None:
    sites = Sites()
    with sites.lent(settings, lambda: create_app(settings)) as lent:
        lent.add_url_rule("/own", "own", lambda: "test")
    with sites.lent(settings, lambda: create_app(settings)) as again:
        assert again is not lent
