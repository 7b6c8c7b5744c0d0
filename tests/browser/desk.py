"""A Chromium, and desks in it: browsers of one person each, watched for whatever goes wrong."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from innocap_lms.cli.municipality import PASSWORD
from tests.browser.site import Site

# The first draws the same pages in two thirds of the time: it has no window to keep.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # no page stays long enough to gain by better code
]
WITHIN_MS = 10_000


def find_chromium() -> str | None:
    """The browser that INNOCAP_TEST_CHROMIUM names, or one on the path."""
    named = os.environ.get("INNOCAP_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Desk:
    """One person's browser at the site. `trouble` gathers what no page may do.

    That is: an error in the console (a breach of the content security policy is one), a script
    that fails, a request that fails or goes to another host, an answer of 400 or more that is not
    in `expected`. Where a test breaks the network itself, `cut_off` says so: what fails then is
    the point, and its event may come late.
    """

    def __init__(self, browser: Browser, site: Site, **options: Any) -> None:
        self.site, self.trouble = site, list[str]()
        self.expected = {422}  # a form that says what is missing
        self.cut_off = False
        self.context = browser.new_context(
            base_url=site.address, **{"locale": "en-GB", "accept_downloads": True, **options}
        )
        self.context.set_default_timeout(WITHIN_MS)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self._said(message.type, message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _said(self, kind: str, text: str) -> None:
        # What the server refused is judged as an answer, where its status is known.
        cut_off = self.cut_off and text.startswith("Failed to load resource: net::")
        if kind == "error" and not cut_off and "the server responded with a status" not in text:
            self.trouble.append(f"console: {text}")

    def _failed(self, request: Request) -> None:
        # Aborted: it became a download, or the page was left before a picture had come.
        if request.failure != "net::ERR_ABORTED" and not self.cut_off:
            self.trouble.append(f"failed: {request.url} {request.failure}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(self.site.address).netloc:
            self.trouble.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.trouble.append(f"{response.status}: {response.url}")

    def open(self, path: str, language: str = "") -> None:
        """Go to a page; naming a language also chooses it, for this person from now on."""
        self.page.goto(f"/language/{language}?next={quote(path)}" if language else path)

    def sign_in(self, account: str, password: str = PASSWORD) -> None:
        self.open("/login")
        self.page.locator("[name=account]").fill(account)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main form button").click()
        self.page.wait_for_url(lambda address: not urlsplit(address).path.startswith("/login"))

    def close(self) -> None:
        self.context.close()
