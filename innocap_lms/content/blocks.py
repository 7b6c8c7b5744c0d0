"""The outermost blocks of a parsed text, with the lines they stand on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token


@dataclass(frozen=True)
class Block:
    """A block of a text: its tokens, and its lines counted from 0 in the body."""

    tokens: Sequence[Token]
    start: int
    end: int

    @property
    def type(self) -> str:
        return self.tokens[0].type

    @property
    def inside(self) -> Sequence[Token]:
        """The tokens between its opening and its closing."""
        return self.tokens[1:-1]


def blocks_of(tokens: Sequence[Token]) -> Iterator[Block]:
    """The outermost blocks. Footnotes, which the parser moves to the end, are left out."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        stop = index
        if token.nesting == 1:
            while tokens[stop].nesting != -1 or tokens[stop].level != token.level:
                stop += 1
        if token.map:
            yield Block(tokens[index : stop + 1], token.map[0], token.map[1])
        index = stop + 1
