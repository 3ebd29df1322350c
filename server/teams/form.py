"""The form of a team: what was typed, read into a line of `apply`, and what stands, written into the form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from server.pages.typed_days import day as typed_day
from server.pages.words import day as written_day
from server.teams.listing import Team

PLAIN = {"ten": "name", "don-vi": "area", "quyet-dinh": "decision", "tu-ngay": "valid_from", "den-ngay": "valid_to"}
CELLS = {"cho": "seat", "ho-ten": "name", "co-quan": "agency", "chuc-vu": "role", "the": "card",
         "the-han": "card_expires_on"}  # fmt: skip
EMPTY_ROWS = 3


@dataclass
class Form:
    """What stands in the form, as it was typed."""

    given: dict[str, str]
    rows: list[dict[str, str]] = field(default_factory=list)

    def with_room(self, least: int = EMPTY_ROWS) -> "Form":
        """Return it with empty rows at the end."""
        return Form(self.given, [*self.rows, *({} for _ in range(least))])


def read(form: MultiDict[str, str]) -> Form:
    """Return what was typed; rows in which nothing was typed are left out."""
    columns = [[text.strip() for text in form.getlist(cell)] for cell in CELLS]
    rows = [dict(zip(CELLS, row, strict=True)) for row in zip(*_even(columns), strict=True)]
    return Form({name: form.get(name, "").strip() for name in PLAIN}, [row for row in rows if _is_said(row)])


def _even(columns: list[list[str]]) -> Iterable[list[str]]:
    longest = max(map(len, columns))
    return [[*column, *[""] * (longest - len(column))] for column in columns]


def _is_said(row: dict[str, str]) -> bool:
    return any(text for cell, text in row.items() if cell != "cho")


def written(one: Team) -> Form:
    """Return the form of a team as it stands."""
    given = {"ten": one.name, "don-vi": one.unit, "quyet-dinh": one.decision, "tu-ngay": written_day(one.valid_from),
             "den-ngay": written_day(one.valid_to)}  # fmt: skip
    rows = [
        {"cho": member.seat, "ho-ten": member.name, "co-quan": member.agency, "chuc-vu": member.role,
         "the": member.card, "the-han": written_day(member.expires_on)}
        for member in one.members
    ]  # fmt: skip
    return Form(given, rows)


def asked(form: Form, today: date) -> dict[str, Any]:
    """Return the fields that a line of `apply` says of what was typed."""
    said: dict[str, Any] = {key: form.given[name] for name, key in PLAIN.items()}
    for key in ("valid_from", "valid_to"):
        said[key] = typed_day(said[key], today)
    said["members"] = [_member(row, today) for row in form.rows]
    return said


def _member(row: dict[str, str], today: date) -> dict[str, Any]:
    member: dict[str, Any] = {key: row.get(cell, "") for cell, key in CELLS.items()}
    return member | {"card_expires_on": typed_day(member["card_expires_on"], today) or None}


def wrong_rows(form: Form, today: date) -> dict[str, str]:
    """Return what is wrong with a row of members, at the row's name or day: `ho-ten-2`, `the-han-2`."""
    wrong: dict[str, str] = {}
    for place, row in enumerate(form.rows, 1):
        if not row.get("ho-ten"):
            wrong[f"ho-ten-{place}"] = "Nhập họ tên."
        last = typed_day(row.get("the-han", ""), today)
        if last and not _is_day(last):
            wrong[f"the-han-{place}"] = "Ngày không đúng; nhập dạng 15/3/2027."
    return wrong


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
