"""Where a course finds its banks: in its own folder and, beside it, in that of its track."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.files import CourseFiles, Folder, bank_files, gather_text
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.naming import BANKS, TextFamily, sort_banks


@dataclass(frozen=True)
class _Row:
    """The banks in one folder, by id, and its files by path."""

    families: Mapping[str, TextFamily]
    entries: Mapping[str, Folder]


@dataclass
class Shelf:
    """The banks that one course may draw from: its own (`files.banks`), and those `beside` it, a
    folder that is opened at the first draw from it. Of two of one id its own is taken."""

    beside: Folder | None
    files: CourseFiles
    _rows: dict[bool, _Row] = field(default_factory=dict)

    def own(self, languages: Sequence[str]) -> Mapping[str, TextFamily]:
        """The course's own banks, by id."""
        return self._row(languages, is_own=True).families

    def take(self, bank_id: str, languages: Sequence[str], place: Place) -> TextFamily | None:
        """The texts of a bank, read into `files`; None, and a problem at `place`, without one."""
        known: list[str] = []
        for is_own in (True, False):
            row = self._row(languages, is_own=is_own)
            if bank_id in row.families:
                return self._read(row, bank_id)
            known += row.families
        near = nearest(bank_id, known)
        file = f"{BANKS}/{bank_id}.bank.{languages[0]}.md"
        advice = f"did you mean “{near}”?" if near else f"write {file} in the course"
        said = f"there is no bank “{bank_id}”"
        self.files.problems.append(problem("C110", place, said, advice))
        return None

    def _row(self, languages: Sequence[str], *, is_own: bool) -> _Row:
        if is_own not in self._rows:
            folder = self.files.banks if is_own else self.beside
            entries = bank_files(folder, self.files) if folder else {}
            families = sort_banks(entries, languages, self.files.problems)
            self._rows[is_own] = _Row(families, entries)
        return self._rows[is_own]

    def _read(self, row: _Row, bank_id: str) -> TextFamily:
        family = row.families[bank_id]
        for path in family.files.values():
            gather_text(row.entries[path], path, self.files)
        read = {name: path for name, path in family.files.items() if path in self.files.texts}
        return replace(family, files=read)
