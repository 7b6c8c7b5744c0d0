"""A draw: what each attempt at a quiz takes from a bank, and which questions can serve it."""

from collections import deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from innocap_lms.content.fields import Fields
from innocap_lms.content.frontmatter import split
from innocap_lms.content.identifiers import is_id, slug
from innocap_lms.content.model import Draw, Question, Quiz

MOST = 200  # questions that one draw may take of a tag, or of any


def read_draw(fields: Fields) -> Draw | None:
    """The field `draw` of a quiz; None where it is missing or, with a problem noted, wrong."""
    inside = fields.mapping("draw", required=False)
    if inside is None:
        return None
    bank, tags = inside.identifier("from"), _tags(inside)
    count = inside.whole("count", required=False, high=MOST)
    inside.finish()
    if not tags and "tags" not in inside and "count" not in inside:
        advice = "write how many: count: 3, or tags: {gdpr: 2}"
        fields.note("C027", "draw", "the draw takes no question", advice)
    return Draw(bank, tags, count or 0) if bank and (tags or count) else None


def bank_named_in(path: str, text: str) -> str:
    """The id of the bank that a text of a quiz draws from; "" where it draws from none, or cannot
    be read."""
    fields = Fields(split(path, text).node, path, [])
    inside = fields.mapping("draw", required=False)
    return (inside.identifier("from") or "") if inside is not None else ""


def _tags(fields: Fields) -> dict[str, int]:
    inside = fields.mapping("tags", required=False)
    if inside is None:
        return {}
    found = {}
    for name in inside.names():
        many = inside.whole(name, high=MOST)
        if not is_id(name):
            inside.note("C030", name, f"“{name}” is not a tag", f"write {slug(name, 'a-tag')}")
        elif many is not None:
            found[name] = many
    return found


@dataclass(frozen=True)
class Short:
    """Tags that ask together for `wants` different questions, where `has` carry one of them.

    Without tags: a draw of any questions from a bank that has too few.
    """

    tags: tuple[str, ...]
    has: int
    wants: int


@dataclass(frozen=True)
class Served:
    """The questions of one draw, in the order of its tags, then those of any; and what is short."""

    questions: tuple[Question, ...]
    short: tuple[Short, ...]


def serve(draw: Draw, questions: Sequence[Question]) -> Served:
    """Serve a draw from questions, each of which serves one tag however many it carries.

    A maximum matching of places and questions by augmenting paths (C. Berge, "Two theorems in graph
    theory", PNAS 43, 1957), shortest first; where it fails, the tags it has reached are the reason
    (P. Hall, "On representatives of subsets", 1935). Questions are tried in the order given: who
    shuffles them draws by chance, and each that can be drawn at all comes up in some order.
    """
    places = [tag for tag, many in draw.tags.items() for _ in range(many)]
    matching = _Matching(places, questions)
    short: list[Short] = []
    for place, tag in enumerate(places):
        if any(tag in each.tags for each in short):
            continue
        tags = matching.seat(place)
        if tags:
            has = sum(not tags.isdisjoint(question.tags) for question in questions)
            named = tuple(tag for tag in draw.tags if tag in tags)
            short.append(Short(named, has, sum(draw.tags[tag] for tag in named)))
    seated = matching.seated
    rest = [number for number in range(len(questions)) if number not in matching.place_of]
    if not short and len(rest) < draw.count:
        short.append(Short((), len(questions), draw.total))
    return Served(tuple(questions[number] for number in seated + rest[: draw.count]), tuple(short))


def may_count_nothing(quiz: Quiz, dropped: Set[str] = frozenset()) -> bool:
    """Whether the quiz could ask a set of questions in which nothing counts, without the dropped.

    Tags are left out of account: better to refuse too much than to have a quiz that nobody can
    pass.
    """
    if quiz.pass_mark == 0:
        return False
    idle = [each for each in quiz.questions if not each.points or each.id in dropped]
    own, drawn = [each for each in idle if not each.bank], [each for each in idle if each.bank]
    if len(own) < len(quiz.own):
        return False
    return quiz.draw is None or len(drawn) >= quiz.draw.total


class _Matching:
    """Places, each for a question with its tag, and who sits where; both counted from 0."""

    def __init__(self, places: Sequence[str], questions: Sequence[Question]) -> None:
        self.tags = places
        self.carriers: Mapping[str, list[int]] = {
            tag: [number for number, each in enumerate(questions) if tag in each.tags]
            for tag in places
        }
        self.place_of: dict[int, int] = {}
        self.question_at: dict[int, int] = {}

    @property
    def seated(self) -> list[int]:
        return [self.question_at[place] for place in sorted(self.question_at)]

    def seat(self, place: int) -> set[str]:
        """Find a question for a place, moving others where it must: nothing, or the tags that
        have fewer questions between them than places."""
        reached: dict[int, int] = {}  # question → the place from which it was reached
        looked, queue = {self.tags[place]}, deque([place])
        while queue:
            here = queue.popleft()
            for question in self.carriers[self.tags[here]]:
                if question in reached:
                    continue
                reached[question] = here
                if question not in self.place_of:
                    self._move(question, reached)
                    return set()
                there = self.place_of[question]
                if self.tags[there] not in looked:
                    looked.add(self.tags[there])
                    queue.append(there)
        return looked

    def _move(self, free: int, reached: Mapping[int, int]) -> None:
        """Each along the path takes the seat of the one after it; the last takes the free one."""
        question: int | None = free
        while question is not None:
            place = reached[question]
            before = self.question_at.get(place)
            self.place_of[question], self.question_at[place] = place, question
            question = before
