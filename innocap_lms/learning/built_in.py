"""The question kinds that ship with the core, registered by the same hook as any other."""

from collections.abc import Sequence

from innocap_lms import __version__
from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.plugin_host.contract import Plugin, hookimpl

plugin = Plugin(name="question_kinds", version=__version__)


@hookimpl
def register_question_kinds() -> Sequence[QuestionKind]:
    return BUILT_IN_KINDS
