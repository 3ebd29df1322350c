"""The form of a visit: what the browser sends, as the changes of a draft; and the draft, as the form shows it.

A draft keeps every field under its path (field_client/drafts.py). Days, times and numbers
are read as they are typed; what cannot be read is kept as it is, and the schema says so.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from field_client.drafts import NUMBERS, Draft, Fields
from schemas import typed
from schemas.checklists import ChecklistItem
from schemas.fields import Day
from schemas.inspections import Outcome
from schemas.register import State

ATTEMPT = "attempt"  # an attempt whose reason is not chosen yet; the schema lets no such outcome in
PRESENT = "roster."  # a box beside a member of the team: ticked, that member stands in the draft
_NAMES = re.compile(
    r"team|decision|date|started|ended|basis|trigger|ground|evidence|representative|representative_role|informed"
    r"|statement|remark|outcome|found_working|reason|crime_signs|child_called|child_called_at|copies|workers\.\w+"
    r"|answers\.[A-ZĐ]{2,4}-\w+|notes\.[A-ZĐ]{2,4}-\w+"
    r"|members\.\w+\.(name|agency|role|card)|violations\.\w+\.(code|text|facts|citation|committed_on)"
    r"|followed\.\w+\.(resolved|seen)"
)
_DAYS = re.compile(r"date|violations\.\w+\.committed_on")
_CLOCKS = frozenset({"started", "ended", "child_called_at"})
_NOT_FOR_ATTEMPTS = ("answers", "notes", "checklists", "workers", "violations", "informed", "statement", "followed",
                     "crime_signs", "child_called", "child_called_at", "copies")  # fmt: skip
Members = Mapping[str, State]  # the team's members by key


def changes(sent: Mapping[str, str], team: Members, draft: Draft, today: date) -> Fields:
    """Return what *sent* changes in the draft; names that the form does not have are passed over."""
    found: Fields = {name: read(name, value, today) for name, value in sent.items() if _NAMES.fullmatch(name)}
    for name, value in sent.items():
        member = team.get(name.removeprefix(PRESENT)) if name.startswith(PRESENT) else None
        if member:
            found |= _presence(name.removeprefix(PRESENT), member, value, draft)
    return found


def read(name: str, value: str, today: date) -> Any:
    """Read one field as it was typed."""
    if _DAYS.fullmatch(name):
        return typed.day(value, today)
    if name in _CLOCKS:
        return typed.clock(value)
    if name in NUMBERS:
        number = typed.count(value)
        return "" if number is None else number
    return value


def _presence(key: str, member: State, value: str, draft: Draft) -> Fields:
    here = [row for row, said in rows(draft.fields, "members").items() if said.get("name") == member.get("name")]
    if value and not here:
        return {f"members.{key}": {part: member.get(part) or "" for part in ("name", "agency", "role", "card")}}
    return {} if value else {f"members.{row}": None for row in here}


def rows(fields: Fields, group: str) -> dict[str, Fields]:
    """Return the rows of a list in the draft, by key and in the form's order."""
    found: dict[str, Fields] = {}
    for path, value in fields.items():
        at, _, rest = path.partition(".")
        key, _, part = rest.partition(".")
        if at == group and part:
            found.setdefault(key, {})[part] = value
    return dict(sorted(found.items(), key=lambda row: (int(row[0]) if row[0].isdecimal() else 0, row[0])))


def next_row(fields: Fields, group: str) -> str:
    """Return a key for one more row."""
    return str(max((int(key) + 1 for key in rows(fields, group) if key.isdecimal()), default=0))


class Shown(dict[str, str]):
    """The fields of a draft as the form shows them: days as they are written by hand, nothing as empty text."""

    def __init__(self, fields: Fields) -> None:
        """Show *fields*."""
        super().__init__({name: show(name, value) for name, value in fields.items()})

    def __missing__(self, name: str) -> str:
        return ""


def show(name: str, value: Any) -> str:
    """Show one field."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return typed.show_day(str(value)) if _DAYS.fullmatch(name) else str(value)


def is_attempt(fields: Fields) -> bool:
    """Say whether the draft is of an attempt, its reason chosen or not."""
    said = fields.get("outcome")
    return said == ATTEMPT or (said in set(Outcome) and not Outcome(said).counts)


def not_for_attempts(fields: Fields) -> Fields:
    """Return what a record of an attempt leaves out, as changes."""
    return {top: None for top in _NOT_FOR_ATTEMPTS if any(name.partition(".")[0] == top for name in fields)}


def not_asked(fields: Fields, items: tuple[ChecklistItem, ...]) -> Fields:
    """Return the answers and notes to items that are not asked on this day at this place, as changes to take away."""
    asked = {item.code for item in items}
    return {
        name: None for name in fields
        if name.startswith(("answers.", "notes.")) and name.partition(".")[2] not in asked
    }  # fmt: skip


_DAY_SAID = Day.default_error_messages["day"]
_SAID = {
    "outcome": "Chọn kết quả.",
    "basis": "Chọn hình thức kiểm tra.",
    "trigger": "Chọn căn cứ đột xuất.",
    "team": "Chọn đội kiểm tra.",
}


def said(problems: Mapping[str, str], fields: Fields) -> dict[str, str]:
    """Say problems in the words of the form: a day is typed here as ngày/tháng/năm, a choice is made, not written."""
    found = {}
    for name, sentence in problems.items():
        if sentence == _DAY_SAID:
            sentence = "Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026."
        elif name in _SAID and (sentence.startswith("Không có lựa chọn") or not fields.get(name)):
            sentence = "Chọn lý do không kiểm tra được." if fields.get(name) == ATTEMPT else _SAID[name]
        found[name] = sentence
    return found
