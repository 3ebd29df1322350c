"""The operators that a register of establishments names: found or made once, by number or by name."""

from collections.abc import Iterable

from schemas.ids import new_id
from schemas.register import State
from schemas.text import fold
from server.imports.columns import Problem, Row
from server.imports.ledger import Entry, Said, recall
from server.imports.planning import Desk, Planned
from server.office import Change
from sync.merge import difference

SOURCE = "operators"
_ENTERPRISE = ("cong ty", "cty", "ctcp", "tnhh", "doanh nghiep", "dntn", "hop tac xa", "tap doan")


class Operators:
    """The operators of one batch of rows: those known from before, and those that the batch adds."""

    def __init__(self, desk: Desk, rows: Iterable[Row]) -> None:
        """Look up at once what the ledger holds of everybody whom *rows* name."""
        self._desk = desk
        self._known = recall(desk.conn, SOURCE, {key for row in rows if (key := key_of(row.cells))})

    def problems(self, cells: dict[str, str]) -> list[Problem]:
        """Return what is wrong with who runs the place."""
        number = cells.get("operator_no", "")
        if number and not cells.get("operator") and f"no:{number}" not in self._known:
            return [Problem("operator", "", "Có số đăng ký nhưng chưa ghi tên chủ cơ sở.")]
        return []

    def make(self, cells: dict[str, str], previous: dict[str, str], planned: Planned) -> str | None:
        """Return the id of who runs the place, and add to *planned* what must be made or changed for it.

        The first row that names an operator says how the name is spelt, and after that only
        a row that says otherwise than its *previous* self: a file that spells one operator
        in two ways would else change it at every import.
        """
        key = key_of(cells)
        if not key:
            return None
        said = self._known.get(key) or self._by_name(cells, previous) or Said(new_id())
        if key in self._known and said.state and not _says_otherwise(cells, previous):
            return said.thing
        if cells.get("operator"):
            self._edit(key, said, _state(cells), planned)
        return said.thing

    def _by_name(self, cells: dict[str, str], previous: dict[str, str]) -> Said | None:
        """Find an operator that had no number before: its row has only now been given one."""
        key = key_of(previous)
        if key.startswith("name:") and fold(previous["operator"]) == fold(cells.get("operator", "")):
            return recall(self._desk.conn, SOURCE, [key]).get(key)
        return None

    def _edit(self, key: str, said: Said, after: State, planned: Planned) -> None:
        edit = difference(said.state, after)
        if edit["set"]:
            planned.changes.append(Change("operator", said.thing, edit))
        if key not in self._known:
            planned.reserved.append(Entry(SOURCE, key, Said(said.thing)))
        self._known[key] = Said(said.thing, {}, after)
        planned.said.append(Entry(SOURCE, key, self._known[key]))


def _says_otherwise(cells: dict[str, str], previous: dict[str, str]) -> bool:
    same_operator = bool(previous) and key_of(previous) == key_of(cells)
    said = ("operator", "operator_form")
    return same_operator and any(previous.get(part, "") != cells.get(part, "") for part in said)


def key_of(cells: dict[str, str]) -> str:
    """Return what an operator is known by: the registration number, else name and form; empty when not named."""
    if cells.get("operator_no"):
        return f"no:{cells['operator_no']}"
    name = cells.get("operator", "")
    return f"name:{fold(name)}|{_form(cells)}" if name else ""


def _state(cells: dict[str, str]) -> State:
    state = {"name": cells["operator"], "form": _form(cells)}
    return state | ({"registration": cells["operator_no"]} if cells.get("operator_no") else {})


def _form(cells: dict[str, str]) -> str:
    """Return the legal form; where the register does not say, a company by its name, else a household."""
    if cells.get("operator_form"):
        return cells["operator_form"]
    name = f" {fold(cells.get('operator', ''))} "
    return "enterprise" if any(f" {word} " in name for word in _ENTERPRISE) else "household"
