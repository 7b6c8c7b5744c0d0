"""Banks: questions that quizzes draw from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.draws import Short, may_count_nothing, serve
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_quiz
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.kinds import QuestionBlock, QuestionKind
from innocap_lms.content.model import Draw, Question, Quiz
from innocap_lms.content.problems import Problem
from innocap_lms.content.questions import Keys, merge_questions, read_questions


@dataclass(frozen=True)
class BankFile:
    """One language of a bank as its file says it; `use` is None where a translation leaves it."""

    document: Document
    title: str
    use: str | None
    use_place: Place
    questions: tuple[QuestionBlock, ...]


@dataclass(frozen=True)
class Bank:
    """A bank in all languages of one course. `use` is None where its file does not say it; `file`
    is that of the lead language."""

    id: str
    file: str
    titles: Mapping[str, str]
    use: str | None
    questions: tuple[Question, ...]
    keys: Keys


def read_bank(
    document: Document,
    tokens: Sequence[Token],
    bank_id: str,
    *,
    is_lead: bool,
    language: str,
    problems: list[Problem],
) -> BankFile:
    """Read one language of the bank whose file is named `bank_id`."""
    fields = Fields(document.node, document.file, problems)
    fields.text("compared", required=False)
    said_id = fields.identifier("id")
    title = fields.text("title")
    use = fields.word("use", ("graded", "practice"), required=is_lead)
    place = fields.place("use")
    fields.finish()
    if said_id and said_id != bank_id:
        said = f"the bank calls itself “{said_id}”, its file is named “{bank_id}”"
        fields.note("C114", "id", said, f"write id: {bank_id}, or rename the file")
    questions = read_questions(document, tokens, problems, is_lead=is_lead, language=language)
    return BankFile(document, title or "", use, place, questions)


def put_bank_together(
    bank_id: str,
    files: Mapping[str, BankFile],
    lead: str,
    kinds: Sequence[QuestionKind],
    problems: list[Problem],
) -> Bank:
    """One bank of all its languages."""
    first = files.get(lead) or next(iter(files.values()))
    for file in files.values():
        if file.use is not None and file.use != first.use:
            advice = "leave it out: the rule of the lead language counts"
            said = "“use” differs from the lead language"
            problems.append(problem("C035", file.use_place, said, advice))
    questions, keys = merge_questions(files, lead, kinds, problems)
    titles = {language: file.title for language, file in files.items()}
    asked = tuple(replace(each, bank=bank_id) for each in questions)
    return Bank(bank_id, first.document.file, titles, first.use, asked, keys)


def with_draw(
    quiz: Quiz, keys: Keys, draw: Draw, bank: Bank, outcomes: Sequence[str], place: Place
) -> tuple[Quiz, Keys, list[Problem]]:
    """The quiz with every question that its draw may take, so that an edition is complete by
    itself, and what speaks against the draw, at `place`."""
    usable = [each for each in bank.questions if draw.count or draw.tags.keys() & set(each.tags)]
    drawn = [_of_course(each, outcomes) for each in usable]
    complete = replace(quiz, questions=(*quiz.questions, *drawn), draw=draw)
    all_keys = {**{each.id: bank.keys[each.id] for each in drawn}, **keys}
    problems = [
        *_other_use(quiz, bank, place),
        *_same_ids(quiz, drawn, place),
        *(_too_few(short, bank, place) for short in serve(draw, drawn).short),
        *_nothing_to_earn(complete, place),
        *(found for each in usable if (found := _near_outcome(each, outcomes))),
    ]
    return replace(complete, fingerprint=of_quiz(complete, all_keys)), all_keys, problems


def _of_course(question: Question, outcomes: Sequence[str]) -> Question:
    """Courses share a bank: a question tests the outcome of those that have it."""
    return question if question.outcome in outcomes else replace(question, outcome="")


def _near_outcome(question: Question, outcomes: Sequence[str]) -> Problem | None:
    near = nearest(question.outcome, outcomes) if question.outcome else ""
    if not near or question.outcome in outcomes:
        return None
    said = f"“{question.outcome}” is no outcome of a course that draws this question"
    advice = f"did you mean outcome={near}?"
    return problem("C113", Place(question.file, question.line), said, advice)


def _nothing_to_earn(quiz: Quiz, place: Place) -> list[Problem]:
    if not quiz.questions or not may_count_nothing(quiz):
        return []
    said = "an attempt could draw questions that earn no points, and nobody can pass that"
    advice = "keep reflections in a bank of their own, or write questions of the quiz itself"
    return [problem("C109", place, said, advice)]


def _other_use(quiz: Quiz, bank: Bank, place: Place) -> list[Problem]:
    if bank.use is None or bank.use == quiz.use:
        return []
    said = f"a quiz for use: {quiz.use} draws from a bank for use: {bank.use}"
    advice = f"draw from a bank with use: {quiz.use}, with questions of its own"
    return [problem("C112", place, said, advice)]


def _same_ids(quiz: Quiz, drawn: Sequence[Question], place: Place) -> list[Problem]:
    own = {question.id: question for question in quiz.questions}
    return [
        problem("C031", place, f"the bank has a question “{each.id}”, as the quiz has", advice)
        for each in drawn
        if each.id in own
        for advice in (f"give the one in {own[each.id].file} another id",)
    ]


def _too_few(short: Short, bank: Bank, place: Place) -> Problem:
    """What cannot be drawn, said with numbers."""
    some = f"{short.has or 'no'} question{'' if short.has == 1 else 's'}"
    asked = f"{short.wants} {'is' if short.wants == 1 else 'are'} asked for"
    advice = "write more questions, or ask for fewer"
    if not short.tags:
        return problem("C111", place, f"the bank has {some}, {asked}", advice)
    tags = " or ".join(short.tags)
    if short.has == 0:
        known = {tag for question in bank.questions for tag in question.tags}
        near = nearest(tags, known)
        advice = (
            f"did you mean “{near}”?" if near else f"known: {', '.join(sorted(known)) or 'none'}"
        )
    elif len(short.tags) > 1:
        advice += "; a question with several tags serves one of them"
    return problem("C111", place, f"the bank has {some} tagged {tags}, {asked}", advice)
