"""The operator in a form: one that the register has, found by name, or a new one with form and number."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlite_utils import Database

from schemas.ids import is_id, new_id
from schemas.register import check_edit
from schemas.text import fold
from server.changes import apply_one
from server.office import state_of
from server.store import in_parts, marks
from sync.merge import difference

NEW = "new"  # said instead of an id: another one of the same name
MOST = 12


@dataclass(frozen=True)
class Known:
    """An operator, with what tells it from others of its name."""

    id: str
    name: str
    form: str
    registration: str
    address: str
    places: int


@dataclass(frozen=True)
class Owner:
    """What was filled in; *id* of the one that was chosen, or NEW, or empty."""

    name: str = ""
    id: str = ""
    form: str = ""
    registration: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Owner":
        """Read the fields of a form."""
        names = ("operator", "operator_id", "form", "registration")
        return cls(*(str(form.get(name) or "").strip() for name in names))

    def chosen_id(self, conn: sqlite3.Connection) -> str:
        """Return the operator that was chosen, empty where what is typed is another name."""
        if not is_id(self.id) or not self.name:
            return ""
        state = state_of(conn, "operator", self.id)
        return self.id if state and fold(str(state.get("name") or "")) == fold(self.name) else ""

    def same(self, conn: sqlite3.Connection, communes: Sequence[str]) -> list[Known]:
        """Return those of exactly this name, where nobody said yet which one it is."""
        if not self.name or self.id == NEW or self.chosen_id(conn):
            return []
        return [one for one in find(conn, self.name, communes) if fold(one.name) == fold(self.name)]

    def wrong(self, conn: sqlite3.Connection, communes: Sequence[str]) -> dict[str, str]:
        """Return what must be put right, by field of the form."""
        if not self.name or self.chosen_id(conn):
            return {}
        if self.same(conn, communes):
            return {"operator": _("Đã có chủ cơ sở tên này; chọn ở dưới, hoặc thêm thành chủ cơ sở khác.")}
        problems = check_edit("operator", difference({}, self._state()))
        found = {"operator" if path == "name" else path: said for path, said in problems.items()}
        if not self.form:
            found["form"] = _("Chọn hình thức của chủ cơ sở.")
        return found

    def _state(self) -> dict[str, str]:
        said = {"name": self.name, "form": self.form, "registration": self.registration}
        return {path: value for path, value in said.items() if value}

    def enter(self, db: Database, author: str, at: datetime, errors: dict[str, str]) -> str:
        """Enter the operator and return its id; what stands against it is noted in *errors*."""
        id = new_id()
        asked = {"do": "enter", "kind": "operator", "id": id, "set": self._state()}
        answer = apply_one(db, asked, author=author, at=at)
        errors |= {"operator" if path == "name" else path: said for path, said in answer["problems"].items()}
        return id


def find(conn: sqlite3.Connection, text: str, communes: Sequence[str]) -> list[Known]:
    """Return the operators of places in *communes* that hold every word of *text*; merged ones are left out."""
    words = fold(text).split()
    if not words:
        return []
    where = " AND ".join([r"search LIKE ? ESCAPE '\'"] * len(words))
    plain = [f"%{_plain(word)}%" for word in words]
    rows = [
        row
        for some in in_parts(communes)
        for row in conn.execute(
            "SELECT operator_rows.id, state, (SELECT count(*) FROM establishments WHERE operator = operator_rows.id"
            " AND merged_into IS NULL), length(search) FROM operator_rows JOIN things ON things.kind = 'operator'"
            f" AND things.id = operator_rows.id WHERE {where} AND EXISTS (SELECT 1 FROM operator_places"
            f" JOIN placements USING (establishment) WHERE operator = operator_rows.id AND commune IN ({marks(some)}))",
            (*plain, *some),
        )
    ]
    rows.sort(key=lambda row: (row[3], row[0]))
    found = [_known(id, json.loads(state), places) for id, state, places, _length in dict.fromkeys(rows)]
    return [one for one in found if one][:MOST]


def _plain(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _known(id: str, state: Mapping[str, str], places: int) -> Known | None:
    if state.get("merged_into"):
        return None
    name, form, number, address = (str(state.get(part) or "") for part in ("name", "form", "registration", "address"))
    return Known(id, name, form, number, address, places)
