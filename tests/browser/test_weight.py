"""What a lesson costs on the wire, with an empty cache and after it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import Desk
from tests.browser.site import Site
from tests.browser.town import COURSE, Town


@pytest.fixture
def weighed(browser: Browser, site: Site, town: Town) -> Callable[..., tuple[int, int]]:
    """Opens pages one after the other with an empty cache; what the last one cost on the wire."""

    def weigh(account: str, *paths: str) -> tuple[int, int]:
        before = Desk(browser, site)
        before.sign_in(account)
        desk = Desk(browser, site, storage_state=before.context.storage_state())
        before.close()
        wire, cost = desk.context.new_cdp_session(desk.page), [0, 0]

        def count(event: dict[str, float]) -> None:
            cost[0] += event["encodedDataLength"] > 0  # nothing for what the cache had
            cost[1] += int(event["encodedDataLength"])

        wire.send("Network.enable")
        wire.on("Network.loadingFinished", count)
        for path in paths:
            desk.page.wait_for_load_state("networkidle")
            cost[:] = [0, 0]
            desk.open(path)
            desk.page.wait_for_load_state("networkidle")
        assert desk.trouble == []
        desk.close()
        return cost[0], cost[1]

    return weigh


def test_a_lesson_is_light_on_the_wire(weighed: Callable[..., tuple[int, int]], town: Town) -> None:
    someone = town.newcomer("Runa Holm")
    town.read(someone, 1)
    lessons = [f"/courses/{COURSE}/{one.id}" for one in town.course().course.lessons]
    requests, size = weighed(someone.account, lessons[0])
    print(f"first lesson view: {requests} requests, {size} bytes")
    assert requests <= 8
    assert size <= 60_000
    requests, size = weighed(someone.account, *lessons[:2])
    print(f"second lesson view: {requests} requests, {size} bytes")
    assert requests <= 2
    assert size <= 12_000
