"""The office's own text of a printed paper: set for an area, changed, or given up for the one of the program."""

from typing import Any

from schemas import templates
from schemas.ids import is_id, new_id
from schemas.register import State
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, things
from server.people.deputies import account_of


def template(desk: Desk, asked: dict[str, Any]) -> Change:
    """Set the text of a paper for an area, by default the user's; an empty text brings the program's own back."""
    only(asked, "purpose", "name", "text", "area", "epoch")
    purpose, said = text(asked, "purpose"), asked.get("text")
    if not isinstance(said, str):
        raise Unclear("text", "Ghi nội dung mẫu; để trống là dùng lại mẫu có sẵn trong chương trình.")
    if purpose not in templates.PURPOSES:
        raise Unclear("purpose", templates.problem(purpose, said))
    wrong = templates.problem(purpose, said) if said.strip() else ""
    if wrong:
        raise Unclear("text", wrong)
    epoch, area = _area(desk, asked)
    id, present = of_area(desk, purpose, epoch, area)
    name = text(asked, "name") if asked.get("name") else present.get("name") or templates.PURPOSES[purpose][0]
    after = {"name": name, "epoch": epoch, "area": area, "purpose": purpose, "text": said if said.strip() else ""}
    return checked_edit("template", id, after, present)


def of_area(desk: Desk, purpose: str, epoch: str, area: str) -> tuple[str, State]:
    """Return id and state of the area's own text of a purpose; a new id and nothing where it has none."""
    for id, state in things(desk.conn, "template").items():
        if (state.get("purpose"), state.get("epoch"), state.get("area")) == (purpose, epoch, area) and is_id(id):
            return id, state
    return new_id(), {}


def _area(desk: Desk, asked: dict[str, Any]) -> tuple[str, str]:
    if asked.get("area"):
        unit = desk.unit(asked, "area", desk.today)
        return unit.epoch.value, unit.code
    user = account_of(desk.conn, desk.author)
    if not user:
        raise Unclear("area", "Ghi mã đơn vị dùng mẫu này, ví dụ 38.")
    return str(user["epoch"]), str(user["area"])
