"""The operator in a form: one that is on this laptop, found as one types, or a new one with form and number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlite_utils import Database

from field_client import operators, places, records
from field_client.operators import Known
from schemas.register import check_edit
from schemas.text import fold
from sync.merge import difference

NEW = "new"  # said instead of an id: another one of the same name


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
        return cls(*(form.get(name, "").strip() for name in names))

    def chosen(self, db: Database) -> places.Thing | None:
        """Return the operator that was chosen, None where what is typed is another name."""
        if not self.id or self.id == NEW or not self.name:
            return None
        try:
            found = places.find(db, "operator", self.id)
        except places.NotKnown:
            return None
        return found if fold(found.name) == fold(self.name) else None

    def same(self, db: Database) -> list[Known]:
        """Return those of exactly this name on this laptop, where nobody said yet which one it is."""
        if not self.name or self.id == NEW or self.chosen(db):
            return []
        return [one for one in operators.find(db, self.name, most=20) if fold(one.name) == fold(self.name)]

    def wrong(self, db: Database) -> dict[str, str]:
        """Return what must be put right, by field of the form."""
        if not self.name or self.chosen(db):
            return {}
        if self.same(db):
            return {"operator": _("Trên máy đã có chủ cơ sở tên này; chọn ở dưới, hoặc thêm thành chủ cơ sở khác.")}
        found = {"operator" if path == "name" else path: said for path, said in self._checked().items()}
        if not self.form:
            found["form"] = _("Chọn hình thức của chủ cơ sở.")
        return found

    def _checked(self) -> dict[str, str]:
        state = {"name": self.name, "form": self.form, "registration": self.registration}
        return check_edit("operator", difference({}, {path: value for path, value in state.items() if value}))

    def keep(self, db: Database, at: datetime) -> str | None:
        """Return the id of the operator, entered now where it is new; None where nothing was typed."""
        if not self.name:
            return None
        known = self.chosen(db)
        if known:
            return known.id
        fields = {"name": self.name, "form": self.form, "registration": self.registration}
        return records.new_operator(db, fields, at=at).id
