"""How hard a text is to read, by an index for its language.

Swedish and its neighbours: LIX, C.H. Björnsson, *Läsbarhet* (Liber, 1968), who applied it to
eleven languages in "Readability of newspapers in 11 languages", Reading Research Quarterly 18
(1983): 480-497. English: the Automated Readability Index, E.A. Smith and R.J. Senter,
AMRL-TR-66-220 (1967), whose value is a school grade. An index counts letters: it knows nothing of
whether a text is good.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.dialect import plain_text
from innocap_lms.content.problems import Problem

FEWEST_WORDS: Final = 150  # below that an index jumps with every sentence
LONG_WORD: Final = 6  # letters; a longer one counts in LIX
# LIX: above 50 is "hard" in Björnsson's scale, the language of official texts. Of languages whose
# words are long by themselves, or not parted by spaces, no limit is known here: nothing is said.
_HIGHEST_LIX: Final = dict.fromkeys(("sv", "nb", "nn", "no", "da", "is", "de", "nl", "fr"), 50.0)
_HIGHEST_ARI: Final = 13.0  # above it a reader is taken to have studied

_WORD: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_END: Final = re.compile(r"[.!?:](?=\s|$)")
_TOO_SPARSE: Final = ("heading_open", "th_open", "td_open")
_BESIDE: Final = re.compile(r"(?:> )?(?:\||\*\[|!\[|- \[[ x]\])")  # how such a line begins
_HIDDEN: Final = re.compile(r"\]\([^)]*\)|\{[^}]*\}")  # addresses and attributes


@dataclass(frozen=True)
class Reading:
    """The counts of a text that the indices are made of."""

    words: int
    sentences: int
    long_words: int
    letters: int

    @property
    def lix(self) -> float:
        """Words a sentence, plus the percentage of words of more than six letters."""
        return self.words / self.sentences + 100 * self.long_words / self.words

    @property
    def ari(self) -> float:
        """4.71 letters a word + 0.5 words a sentence - 21.43."""
        return 4.71 * self.letters / self.words + 0.5 * self.words / self.sentences - 21.43


def count(blocks: Iterable[str]) -> Reading:
    """Count blocks of running text; each ends a sentence."""
    words = sentences = long_words = letters = 0
    for block in blocks:
        lengths = [len(word) for word in _WORD.findall(block)]
        if not lengths:
            continue
        words += len(lengths)
        letters += sum(lengths)
        long_words += sum(length > LONG_WORD for length in lengths)
        ends = len(_END.findall(block))
        sentences += ends if _END.search(block.rstrip()[-1:]) else ends + 1
    return Reading(words, sentences, long_words, letters)


def running_text(tokens: Sequence[Token]) -> list[str]:
    """The blocks of a text that are read as sentences: not headings, tables and code."""
    return [
        plain_text(token.children)
        for before, token in pairwise(tokens)
        if token.type == "inline" and before.type not in _TOO_SPARSE
    ]


def running_words(body: str) -> int:
    """The words that are read one after the other in a text in Markdown: those of tables, pictures,
    checklists and abbreviations are looked at, not read through."""
    lines = (line for line in body.split("\n") if not _BESIDE.match(line))
    return len(_WORD.findall(_HIDDEN.sub("]", "\n".join(lines))))


@dataclass(frozen=True)
class Index:
    """How hard a text is by an index; above `highest` it is harder than a course should be."""

    name: str
    value: float
    highest: float


def index_of(found: Reading, language: str) -> Index | None:
    """The index for a language; None where no limit is known for it, or there are too few words."""
    base = language.partition("-")[0]
    if found.words < FEWEST_WORDS:
        return None
    if base == "en":
        return Index("ARI", found.ari, _HIGHEST_ARI)
    if base in _HIGHEST_LIX:
        return Index("LIX", found.lix, _HIGHEST_LIX[base])
    return None


def check_reading(tokens: Sequence[Token], language: str, place: Place) -> list[Problem]:
    """A warning where the text is harder than a course should be."""
    found = count(running_text(tokens))
    index = index_of(found, language)
    if index is None or index.value <= index.highest:
        return []
    long_words = round(100 * found.long_words / found.words)
    said = (
        f"the text is hard to read: {index.name} {index.value:.0f}, with "
        f"{found.words / found.sentences:.0f} words a sentence and {long_words} % long words"
    )
    advice = (
        f"cut long sentences and explain or change long words, until {index.name} is "
        f"{index.highest:.0f}"
    )
    return [problem("C087", place, said, advice)]
