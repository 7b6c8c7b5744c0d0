"""Checks across the texts of a course: links, pictures, captions, and files nobody uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.files import media_type
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.model import Asset
from innocap_lms.content.problems import Problem
from innocap_lms.content.prose import Reference, Survey
from innocap_lms.content.targets import Target, activity_id, media_stem, target

SHOWN = ("image/", "video/", "audio/")
LONGEST_ADDRESS = 40  # a short one may be what a reader is to remember
VAGUE = frozenset(
    words
    for of_one_language in (
        "click here|here|link|this link|more|read more|see here|this page",
        "klicka här|här|länk|denna länk|den här länken|mer|läs mer|se här|den här sidan",
        "täältä|tästä|klikkaa tästä|lue lisää|linkki",
        "hér|smelltu hér|lesa meira|meira",
        "anseo|cliceáil anseo|léigh tuilleadh",
        "ici|cliquez ici|lien|lire la suite|en savoir plus",
    )
    for words in of_one_language.split("|")
)


@dataclass
class Surroundings:
    """What links may point at. `anchors` maps activity id to the anchors of its text."""

    language: str
    anchors: Mapping[str, set[str]]
    assets: Mapping[str, Asset]
    # Files that exist but were refused have a problem already; a link to them needs no second one.
    refused: frozenset[str]
    used: set[str] = field(default_factory=set)


def check_links(
    surveys: Sequence[tuple[str, str, Survey]],
    languages: Sequence[str],
    activities: Sequence[str],
    assets: Mapping[str, Asset],
    refused: frozenset[str],
) -> list[Problem]:
    """The faults of all links and pictures of a course, and the files that nothing uses.

    `surveys` are (id of the activity or "", language, what was found); `refused` are files that
    have a problem already.
    """
    problems, used = list[Problem](), set[str]()
    for language in languages:
        anchors = _anchors(surveys, activities, (languages[0], language))
        around = Surroundings(language, anchors, assets, refused, used)
        for _, spoken, found in surveys:
            if spoken == language:
                problems += check_references(found, around)
    return [*problems, *unused(assets, used)]


def _anchors(
    surveys: Sequence[tuple[str, str, Survey]], activities: Sequence[str], wanted: Sequence[str]
) -> dict[str, set[str]]:
    """Anchors by activity as a reader of the last language meets them: the others' where it is not
    translated."""
    anchors: dict[str, set[str]] = {name: set() for name in activities}
    for language in wanted:
        for owner, spoken, found in surveys:
            if owner and spoken == language:
                anchors[owner] = found.anchors
    return anchors


def check_references(found: Survey, around: Surroundings) -> list[Problem]:
    """The faults of all links and pictures of a text; notes in `around.used` the files it uses."""
    problems: list[Problem] = []
    for reference in found.references:
        goal = target(reference.address)
        if reference.kind == "image":
            problems += _image(reference, goal, around)
        else:
            problems += _link(reference, goal, found, around)
    return problems


def unused(assets: Mapping[str, Asset], used: set[str]) -> list[Problem]:
    """A warning for each file that no text uses."""
    advice = "link to it, or take it out of the folder"
    return [
        problem("C079", Place(path), "no text uses this file", advice)
        for path in assets
        if path not in used
    ]


def _link(reference: Reference, goal: Target, found: Survey, around: Surroundings) -> list[Problem]:
    problems = []
    advice = "write [words that say where it goes](address)"
    if not reference.words:
        problems.append(problem("C083", reference.place, "the link has no words", advice))
    elif says_nothing(reference.words, reference.address):
        said = f"“{reference.words[:40]}” does not say where the link goes"
        problems.append(problem("C084", reference.place, said, advice))
    if goal.kind == "anchor":
        problems += _anchor(reference, goal.anchor, found.anchors)
    elif goal.kind == "asset":
        problems += _file(reference, goal.path, around)
    elif goal.kind == "activity":
        problems += _activity(reference, goal, around)
    elif goal.kind != "web":
        problems += _forbidden(reference, goal)
    return problems


def says_nothing(words: str, address: str) -> bool:
    """Whether the words of a link make no sense in a list of the page's links (WCAG 2.2, 2.4.4)."""
    plain = words.casefold().strip(" .:!»>→")
    return plain in VAGUE or (words == address and len(words) > LONGEST_ADDRESS)


def _forbidden(reference: Reference, goal: Target) -> list[Problem]:
    if goal.kind == "outside":
        said, advice = "the path leaves the course folder", "write a path such as images/map.svg"
        return [problem("C074", reference.place, said, advice)]
    advice = "link to https:, http:, mailto:, a lesson's id, a file of the course or #anchor"
    return [problem("C073", reference.place, f"“{goal.path[:60]}” is not allowed", advice)]


def _anchor(reference: Reference, anchor: str, anchors: set[str]) -> list[Problem]:
    if anchor in anchors:
        return []
    near = nearest(anchor, anchors)
    advice = f"did you mean #{near}?" if near else f"write {{#{anchor}}} after the heading it means"
    return [problem("C072", reference.place, f"no heading has the anchor “{anchor}”", advice)]


def _activity(reference: Reference, goal: Target, around: Surroundings) -> list[Problem]:
    wanted = goal.path if goal.path in around.anchors else activity_id(goal.path)
    if wanted not in around.anchors:
        near = nearest(wanted, around.anchors) or nearest(wanted.partition(".")[0], around.anchors)
        advice = f"did you mean {near}?" if near else f"known: {', '.join(sorted(around.anchors))}"
        said = f"“{goal.path[:60]}” is no lesson, quiz or task of this course"
        return [problem("C071", reference.place, said, advice)]
    return _anchor(reference, goal.anchor, around.anchors[wanted]) if goal.anchor else []


def _file(reference: Reference, path: str, around: Surroundings) -> list[Problem]:
    if path in around.assets:
        around.used.add(path)
        return []
    if path in around.refused:
        return []
    near = nearest(path, around.assets)
    advice = f"did you mean {near}?" if near else "put the file into the course folder"
    return [problem("C070", reference.place, f"there is no file “{path[:80]}”", advice)]


def _image(reference: Reference, goal: Target, around: Surroundings) -> list[Problem]:
    problems = []
    if not reference.words and not reference.decorative:
        advice = "write what it says between [ and ], or {.decorative} after it"
        said = "the picture has no alternative text"
        problems.append(problem("C075", reference.place, said, advice))
    if goal.kind == "web":
        advice = "put the file into images/ and link to it there"
        said = "the picture lies on another site"
        problems.append(problem("C076", reference.place, said, advice))
    elif goal.kind == "outside" or goal.kind == "forbidden":
        problems += _forbidden(reference, goal)
    elif goal.kind != "asset":
        advice = "write a path such as images/map.svg"
        problems.append(
            problem("C070", reference.place, f"“{reference.address}” is no file", advice)
        )
    elif not media_type(goal.path).startswith(SHOWN):
        advice = "link to it with [words](…) instead"
        problems.append(
            problem("C080", reference.place, "this kind of file cannot be shown", advice)
        )
    else:
        problems += _file(reference, goal.path, around)
        problems += _captions(reference, goal.path, around)
    return problems


def caption_path(path: str, language: str) -> str:
    """Where the captions of a film or the transcript of a sound file stand; "" for a picture."""
    kind = media_type(path).partition("/")[0]
    ending = {"video": "vtt", "audio": "md"}.get(kind)
    return f"captions/{media_stem(path)}.{language}.{ending}" if ending else ""


def _captions(reference: Reference, path: str, around: Surroundings) -> Sequence[Problem]:
    wanted = caption_path(path, around.language)
    if not wanted or wanted in around.refused:
        return ()
    if wanted in around.assets:
        around.used.add(wanted)
        return ()
    film = wanted.endswith(".vtt")
    said = "the film has no captions" if film else "the sound has no transcript"
    code = "C077" if film else "C078"
    return [problem(code, reference.place, f"{said} in this language", f"write {wanted}")]
