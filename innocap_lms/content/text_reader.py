"""One text of a folder in all its languages: read, surveyed, compared with the lead language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.files import CourseFiles
from innocap_lms.content.frontmatter import Document, split
from innocap_lms.content.naming import TextFamily
from innocap_lms.content.problems import Problem
from innocap_lms.content.prose import Survey, survey
from innocap_lms.content.readability import check_reading
from innocap_lms.content.versions import check_version


@dataclass(kw_only=True)
class TextReader:
    """The texts of a folder, with what is wrong with any of them. `leads` maps the file of a
    translation to that of the lead language, `parts` a file to the lines where its questions begin;
    `surveys` are (id of the part or "" for the front page, language, what was found)."""

    files: CourseFiles
    markdown: MarkdownIt
    languages: tuple[str, ...] = ()
    leads: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[int]] = field(default_factory=dict)
    surveys: list[tuple[str, str, Survey]] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return self.files.problems

    @property
    def lead(self) -> str:
        return self.languages[0] if self.languages else ""

    def _document(self, name: str) -> Document:
        document = split(name, self.files.texts[name])
        self.problems.extend(document.problems)
        return document

    def _surveyed(
        self, document: Document, owner: str, language: str, *, is_quiz: bool
    ) -> Sequence[Token]:
        tokens = self.markdown.parse(document.body, {})
        lines = document.body.split("\n")
        found = survey(tokens, document.file, lines, document.body_line, is_quiz=is_quiz)
        self.problems.extend(found.problems)
        self.surveys.append((owner, language, found))
        if is_quiz:
            self.parts[document.file] = [
                token.map[0] + document.body_line
                for token in tokens
                if token.tag == "h2" and token.map and not token.level
            ]
        else:
            here = Place(document.file, document.body_line)
            self.problems.extend(check_reading(tokens, language, here))
        return tokens

    def _in_order(self, family: TextFamily) -> Iterator[tuple[str, Document]]:
        """Each language and its text, lead language first; missing languages are noted, and those
        that were compared with an earlier text of the lead language."""
        self._check_languages(family)
        lead = None
        for language in self.languages:
            if language not in family.files:
                continue
            document = self._document(family.files[language])
            if language == self.lead:
                lead = document
            elif lead is not None:
                self.leads[document.file] = lead.file
                self.problems.extend(check_version(lead, document))
            yield language, document

    def _check_languages(self, family: TextFamily) -> None:
        ending = f"{family.stem}.{{}}.md"
        for language in self.languages:
            name = ending.format(language)
            # A file that was there but could not be read has a problem of its own.
            if language in family.files or any(each.file == name for each in self.problems):
                continue
            code = "C002" if language == self.lead else "C003"
            said = f"there is no text in {language}"
            advice = f"write {name}"
            self.problems.append(problem(code, Place(name), said, advice))
