"""The suggestion of what to try at work can be switched off."""

import pytest

from innocap_lms.plugin_api import Learner
from innocap_lms.testing.calls import called_as
from plugins.service_design import dashboard_cards, plugin


@pytest.mark.parametrize(("shown", "count"), [(True, 1), (False, 0)])
def test_the_card_comes_while_an_administrator_wants_it(shown: bool, count: int) -> None:
    learner = Learner("en", frozenset({"frame-and-explore"}))
    with called_as(plugin, practice_cards=shown):
        assert len(dashboard_cards(learner)) == count
