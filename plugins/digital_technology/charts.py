"""A kind of question of this track: a small chart or map, and what follows from it.

    ## In which area is the risk highest? {#risk .chart as=bar}

    | Area | Falls per 1,000 |
    |---|---|
    | Centre | 20 |
    | The coast | 30 |
    : Made-up figures, one winter

    - [ ] In the centre {#centre}
    - [x] On the coast {#coast}

`as=bar` and `as=line` draw the columns of numbers, `as=map` draws points: name, east, north, value.
The view holds numbers and scales; the template turns them into shapes, and keeps the table behind
them, with a header for each row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from innocap_lms.plugin_api import Mark, Parsed, Problem, QuestionBlock, QuestionKind
from plugins.digital_technology.scales import round_step, ticks, written
from plugins.digital_technology.tables import Fault, Table, cut_out, read_table

TEMPLATE: Final = "digital_technology/chart.html"
CODE: Final = "digital-technology-chart"
COLUMNS: Final = {"bar": (2, 2), "line": (2, 4), "map": (4, 4)}  # with the names of the rows
MOST_NAMED: Final = 12  # bars or points with a name each
LONGEST: Final = {"bar": 37, "line": 13, "map": 13}  # characters of a name that stay in the picture
LONGEST_SERIES: Final = 28  # likewise, of a line in the key above several
_KNOWN: Final = {"as", "points", "outcome", "tags"}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "sv": {
        "bar": "Stapeldiagram. Tabellen under bilden har samma värden.",
        "line": "Linjediagram. Tabellen under bilden har samma värden.",
        "map": "Schematisk karta med norr uppåt. Större cirkel betyder högre värde. "
        "Tabellen under bilden har samma värden.",
        "table": "Visa värdena i en tabell",
        "north": "N",
    },
    "en": {
        "bar": "Bar chart. The table below the picture has the same values.",
        "line": "Line chart. The table below the picture has the same values.",
        "map": "Schematic map with north up. A larger circle is a higher value. "
        "The table below the picture has the same values.",
        "table": "Show the values in a table",
        "north": "N",
    },
}


def claims(block: QuestionBlock) -> bool:
    return "chart" in block.classes and block.classes <= {"chart", "fixed"}


def parse(block: QuestionBlock) -> Parsed:
    stem, lines = cut_out(block.stem)
    table, faults = read_table(lines)
    drawn_as = block.attributes.get("as", "")
    faults += [*_unlike(table, drawn_as)] if lines and drawn_as in COLUMNS else []
    problems = [_in_stem(block, fault) for fault in faults]
    return Parsed(
        view={
            "text": block.text,
            "stem": stem,
            "table": "\n".join(line for _at, line in lines),
            **({"hint": block.hint} if block.hint else {}),
            "options": [{"id": option.id, "text": option.text} for option in block.options],
            "multiple": False,
            "chart": {} if faults or drawn_as not in COLUMNS else chart(table, drawn_as, block),
        },
        key={"correct": [option.id for option in block.options if option.ticked]},
        feedback={
            "options": {each.id: each.feedback for each in block.options if each.feedback},
            "question": block.feedback,
        },
        problems=(*_of_question(block), *problems),
    )


def chart(table: Table, drawn_as: str, block: QuestionBlock) -> dict[str, Any]:
    """What the template draws: words, rows and scales, all plain values."""
    language = block.language if block.language in _WORDS else "en"
    words = _WORDS[language]
    values = [number for row in table.rows for number in row.numbers]
    made: dict[str, Any] = {
        "as": drawn_as,
        "lang": language,
        "says": words[drawn_as],
        "table_says": words["table"],
        "caption": table.caption,
        "header": list(table.header),
        "rows": [
            {"name": row.name, "texts": list(row.texts), "numbers": list(row.numbers)}
            for row in table.rows
        ],
    }
    if drawn_as == "map":
        return {**made, **_map_scales(table), "north": words["north"]}
    marks = ticks(min(values), max(values))
    scale = [{"at": mark, "text": written(mark, language)} for mark in marks]
    return {**made, "low": marks[0], "high": marks[-1], "scale": scale}


def _map_scales(table: Table) -> dict[str, Any]:
    """The corner of a square that holds every point, its side, the highest value, and a length to
    measure by."""
    east, north, value = zip(*(row.numbers for row in table.rows), strict=True)
    side = max(max(east) - min(east), max(north) - min(north))
    return {
        "west": (max(east) + min(east) - side) / 2,
        "south": (max(north) + min(north) - side) / 2,
        "side": side,
        "high": max(value) or 1,
        "ruler": round_step(side, 4),
        "unit": table.header[1].partition("(")[2].rstrip(") "),
    }


def _unlike(table: Table, drawn_as: str) -> Iterator[Fault]:
    """What of a table cannot be drawn that way."""
    least, most = COLUMNS[drawn_as]
    if not least <= len(table.header) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        advice = "name, east, north, value" if drawn_as == "map" else "the name, then numbers"
        yield Fault(table.line, f"as={drawn_as} takes {wanted} columns", f"write {advice}")
        return
    if drawn_as != "line":
        if len(table.rows) > MOST_NAMED:
            yield Fault(
                table.line, f"as={drawn_as} takes at most {MOST_NAMED} rows", "leave some out"
            )
        if any(row.numbers[-1:] < (0.0,) for row in table.rows):
            yield Fault(table.line, f"as={drawn_as} takes no value below nought", "write as=line")
    yield from _too_long(table, drawn_as)
    if drawn_as == "map" and len({row.numbers[:2] for row in table.rows}) < len(table.rows):
        yield Fault(
            table.line, "two points lie in the same place", "give each its own east and north"
        )


def _too_long(table: Table, drawn_as: str) -> Iterator[Fault]:
    """Names that would be cut off at the edge of the picture."""
    series = table.header[1:] if drawn_as == "line" and len(table.header) > 2 else ()
    named = [(row.name, LONGEST[drawn_as]) for row in table.rows]
    for name, most in [*named, *((each, LONGEST_SERIES) for each in series)]:
        if len(name) > most:
            said = f"“{name}” is too long to be drawn: {len(name)} characters of at most {most}"
            yield Fault(table.line, said, "write a shorter name, and the whole one in the question")


def _of_question(block: QuestionBlock) -> Iterator[Problem]:
    """What is wrong with the question around the table."""
    for said, advice in _faults_of_question(block):
        yield Problem(block.file, block.line, 1, CODE, said, advice)


def _faults_of_question(block: QuestionBlock) -> Iterator[tuple[str, str]]:
    drawn_as = block.attributes.get("as", "")
    if drawn_as not in COLUMNS:
        said = f"“{drawn_as}” is no way to draw" if drawn_as else "the question does not say how"
        yield said, f"write as={', as='.join(COLUMNS)}"
    for name in sorted(set(block.attributes) - _KNOWN):
        yield f"unknown attribute “{name}”", f"known here: {', '.join(sorted(_KNOWN))}"
    if block.items or block.pairs or block.answers:
        yield "such a question has options alone", "leave the list out, or the class .chart"
    if len(block.options) < 2 or sum(option.ticked for option in block.options) != 1:
        advice = "write two options or more, and mark one: - [x] Text {#id}"
        yield "one option of several is right", advice


def _in_stem(block: QuestionBlock, fault: Fault) -> Problem:
    line = block.stem_line + fault.line
    return Problem(block.file, line, 1, CODE, fault.said, fault.advice)


def compare(lead: QuestionBlock, translation: QuestionBlock) -> tuple[Problem, ...]:
    """A translation has its own words in its table, and the same numbers."""
    ours, theirs = (read_table(cut_out(each.stem)[1])[0] for each in (lead, translation))
    if [row.numbers for row in ours.rows] == [row.numbers for row in theirs.rows]:
        return ()
    said = "the table has other numbers than in the lead language"
    return (_in_stem(translation, Fault(theirs.line, said, "copy its numbers, row by row")),)


def grade(key: Mapping[str, Any], answer: Sequence[str]) -> Mark:
    if not answer:
        return Mark(0.0, "unanswered")
    right = list(answer) == list(key["correct"])
    return Mark(1.0, "right") if right else Mark(0.0, "wrong")


def order(view: Mapping[str, Any], shuffle: Callable[[list[str]], None]) -> list[str]:
    ids = [option["id"] for option in view["options"]]
    shuffle(ids)
    return ids


CHART: Final = QuestionKind(
    name="chart",
    claims=claims,
    parse=parse,
    grade=grade,
    order=order,
    compare=compare,
    templates={"ask": TEMPLATE, "review": TEMPLATE, "print": TEMPLATE},
)
