"""Changes of the register as its forms make them: a new place or operator, and any of their fields."""

from typing import Any

from schemas.ids import is_id, new_id
from schemas.register import State, check_edit
from schemas.units import Level
from server.arrivals.world import unit_tree
from server.changes.desk import REQUIRED, Desk, Unclear, only
from server.office import Change, edit, state_of

KINDS = ("establishment", "operator")
_NEEDED = {"place": "Chọn xã.", "kind": "Chọn ít nhất một loại hình.", "status": "Chọn tình trạng hoạt động."}


def enter(desk: Desk, asked: dict[str, Any]) -> Change:
    """Enter a new establishment or operator, with all that is known of it; *id* where the caller has made one."""
    only(asked, "kind", "id", "set")
    kind, id = asked.get("kind"), asked.get("id") or new_id()
    if kind not in KINDS:
        raise Unclear("kind", f"Ghi một trong: {', '.join(KINDS)}.")
    if not is_id(id) or state_of(desk.conn, kind, id) is not None:
        raise Unclear("id", "Mã định danh này không dùng được; bỏ trống để máy chủ tự cấp.")
    after = _set(asked)
    if not after.get("name"):
        raise Unclear("name", REQUIRED)
    if kind == "establishment":
        there = {path.partition("/")[0] for path, value in after.items() if value is not None}
        missing = {group: sentence for group, sentence in _NEEDED.items() if group not in there}
        if missing:
            raise Unclear.all(missing)
    elif not after.get("form"):
        raise Unclear("form", REQUIRED)
    return _checked(desk, kind, id, after, {})


def edit_thing(desk: Desk, asked: dict[str, Any]) -> Change:
    """Set any paths of an establishment or operator; *was* says what stood there when it was looked at."""
    only(asked, *KINDS, "set", "was")
    if ("establishment" in asked) == ("operator" in asked):
        raise Unclear("establishment", "Ghi một trong hai: establishment hoặc operator.")
    kind = next(kind for kind in KINDS if kind in asked)
    id, present = getattr(desk, kind)(asked)
    after, was = _set(asked), asked.get("was", {})
    if not isinstance(was, dict):
        raise Unclear("was", "Ghi giá trị trước đó của từng mục.")
    if "merged_into" in after:
        raise Unclear("set", "Gộp và tách hồ sơ bằng việc merge và unmerge.")
    return _checked(desk, kind, id, after, {path: was.get(path, present.get(path)) for path in after})


def _set(asked: dict[str, Any]) -> State:
    after = asked.get("set")
    if not isinstance(after, dict) or not after:
        raise Unclear("set", REQUIRED)
    return dict(after)


def _checked(desk: Desk, kind: str, id: str, after: State, was: State) -> Change:
    """Return the edit, or raise what is wrong with it, path by path."""
    change = edit(kind, id, after, was)
    problems = check_edit(kind, change.body)
    if not problems:
        problems = _unknown(desk, after)
    if problems:
        raise Unclear.all(problems)
    return change


def _unknown(desk: Desk, after: State) -> dict[str, str]:
    """Say which communes and operators that are set are not there."""
    found: dict[str, str] = {}
    for path, value in after.items():
        group, _, key = path.partition("/")
        if not key or value is None:
            continue
        if group == "place":
            unit = unit_tree(desk.conn).get(f"{value['epoch']}:{value['unit']}")
            if unit is None or unit.level is not Level.COMMUNE:
                found[path] = "Không có xã này; chọn trong danh sách."
        elif group == "operator" and state_of(desk.conn, "operator", value["operator"]) is None:
            found[path] = "Không có chủ cơ sở này; chọn chủ cơ sở đã có, hoặc thêm mới."
    return found
