"""A lesson over the wire: how many requests and bytes a real browser takes for a page."""

import shutil
import tempfile
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class View:
    """A page view: requests that went to the server, and KB (1,000 bytes) that came back."""

    requests: int
    kilobytes: float


def chromium() -> str | None:
    """Where Chromium is on this machine."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def two_views(base: str, path: str, cookie: str) -> tuple[View, View]:
    """The first view of a page with an empty cache, and the second. Raises LookupError."""
    browser = chromium()
    if browser is None:
        raise LookupError("no Chromium here: install the package chromium")
    name, _equals, value = cookie.partition("=")
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=browser, args=list(FLAGS), headless=True
        )
        context.add_cookies([{"name": name, "value": value, "url": base}])
        views = _view(context, base + path), _view(context, base + path)
        context.close()
    return views


def _view(context: BrowserContext, url: str) -> View:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    sizes: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        if event["encodedDataLength"] > 0:  # nothing came from the cache
            sizes.append(event["encodedDataLength"])

    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", finished)
    answer = page.goto(url, wait_until="networkidle")
    page.close()
    if answer is None or answer.status != 200:
        raise RuntimeError(f"the browser got {answer and answer.status} at {url}")
    return View(len(sizes), sum(sizes) / 1000)
