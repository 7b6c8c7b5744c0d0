"""The kinds of question that ship with the core, in the order in which they are asked for."""

from typing import Final

from innocap_lms.content.choice import MULTIPLE, SINGLE, TRUE_FALSE
from innocap_lms.content.cloze import CLOZE
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.content.matching import MATCHING
from innocap_lms.content.numeric import NUMERIC
from innocap_lms.content.ordering import ORDERING
from innocap_lms.content.reflection import REFLECTION
from innocap_lms.content.short_text import SHORT_TEXT

# Whatever nobody else claims is a choice, so that a question without options is told what it lacks.
BUILT_IN_KINDS: Final[tuple[QuestionKind, ...]] = (
    TRUE_FALSE,
    NUMERIC,
    SHORT_TEXT,
    ORDERING,
    MATCHING,
    CLOZE,
    REFLECTION,
    SINGLE,
    MULTIPLE,
)
