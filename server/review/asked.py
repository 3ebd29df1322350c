"""What the address of the queue asks for, for who is signed in: filters that hold, or one sentence at the filter."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from schemas.text import sort_key
from schemas.units import UnitTree
from server.arrivals.fold_review import WAITING
from server.pages.areas import inside, name, whole_communes
from server.problems import NotAllowed
from server.review.queue import STATES, Question

MARKS = ("co-vi-pham", "thieu-thanh-phan", "thieu-giay-to", "cho-so")


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the address, and the question that they ask."""

    question: Question
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def query(self, **other: object) -> dict[str, Any]:
        """Return the filters as they stand in an address, with *other* put in their place."""
        own = {key: value for key, value in self.typed.items() if value}
        return own | {key.replace("_", "-"): value for key, value in other.items()}


def read(query: MultiDict[str, str], tree: UnitTree, area: str) -> Asked:
    """Read the filters; a commune that exists outside the area raises NotAllowed, another slip is said at its field."""
    typed = {key: query.get(key, "").strip() for key in ("don-vi", "doi", "trang-thai")}
    typed |= {key: "1" for key in MARKS if query.get(key)}
    errors: dict[str, str] = {}
    communes = _communes(typed["don-vi"], tree, area, errors)
    if typed["trang-thai"] and typed["trang-thai"] not in STATES:
        errors["trang-thai"] = _("Không có trạng thái này; chọn trong danh sách.")
    default = "tat-ca" if typed.get("cho-so") else "cho-duyet"
    states = STATES.get(typed["trang-thai"] or default, WAITING)
    marks = [bool(typed.get(key)) for key in MARKS]
    question = Question(communes, typed["doi"], states, violations=marks[0], lacks_quorum=marks[1],
                        lacks_paper=marks[2], lacks_number=marks[3])  # fmt: skip
    return Asked(question, typed, errors)


def _communes(unit: str, tree: UnitTree, area: str, errors: dict[str, str]) -> tuple[str, ...]:
    if unit and tree.get(unit) is None:
        errors["don-vi"] = _("Không có đơn vị hành chính này; chọn trong danh sách.")
    elif unit and not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    elif unit:
        return tuple(whole_communes(tree, unit))
    return tuple(whole_communes(tree, area))



def communes_offered(tree: UnitTree, area: str) -> list[tuple[str, str]]:
    """Return the communes to choose from, by name."""
    return sorted(((key, name(tree, key)) for key in whole_communes(tree, area)), key=lambda one: sort_key(one[1]))
