"""What every list of people has around its rows: the heads that sort it, the pages beside this one,
the files it leaves as."""

from typing import Any, Protocol

from flask import url_for

from innocap_lms.hr.progress import file_address, is_at_once
from innocap_lms.hr.sorting import Columns, heads
from innocap_lms.hr.spreadsheet import MOST_ROWS


class Beside(Protocol):
    """A page of a list: the ids by which its neighbours are asked for, "" where there are none."""

    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


def around(
    endpoint: str, address: dict[str, str], page: Beside, columns: Columns
) -> dict[str, Any]:
    """Heads and neighbours of a page; `address` is the query part of the list's own."""

    def turned(**changed: str) -> str:
        values: dict[str, Any] = {k: v for k, v in {**address, **changed}.items() if v}
        return url_for(endpoint, **values)

    return {
        "heads": heads(address.get("sort", ""), columns, lambda sort: turned(sort=sort)),
        "next_url": turned(after=page.after) if page.after else "",
        "previous_url": turned(before=page.before) if page.before else "",
        "address": address,
        "filtered": any(name != "sort" for name in address),
    }


def files(file: str, address: dict[str, str], people: int, lines: int) -> dict[str, Any]:
    """The addresses of a list as CSV and XLSX, and whether they begin at once; more `lines` than a
    sheet holds leave as CSV alone. `file` is one of progress.FILES."""
    return {
        "csv_url": file_address(file, people, address),
        "xlsx_url": file_address(f"{file}-xlsx", people, address),
        "at_once": is_at_once(people),
        "too_long": lines > MOST_ROWS,
    }
