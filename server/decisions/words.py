"""How decisions are said on pages and in files: states, sanctions, parts, what is suspended."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas import violations
from schemas.decisions import DecisionFields, Suspended
from schemas.fields import labels
from schemas.register import State as Thing
from server.decisions.listing import Listed, State
from server.law.working import Reasoned
from server.pages.words import day, number
from server.tables import Table

STATES = {
    State.OPEN: _l("Đang thi hành"),
    State.DONE: _l("Đã chấp hành xong"),
    State.UNKNOWN: _l("Chưa rõ việc chấp hành"),
    State.COMPLAINT: _l("Đang khiếu nại, khởi kiện"),
    State.EVASION: _l("Đang trốn tránh thi hành"),
    State.CANCELLED: _l("Đã hủy"),
}
COLOURS = {State.DONE: "good", State.UNKNOWN: "warn", State.EVASION: "warn"}
SANCTIONS = {"warning": _l("Cảnh cáo"), "fine": _l("Phạt tiền"), "none": _l("Chỉ buộc khắc phục hậu quả")}
PARTS = {
    "main": _l("Hình thức xử phạt chính"),
    "additional": _l("Hình thức xử phạt bổ sung"),
    "remedies": _l("Biện pháp khắc phục hậu quả"),
}
SUSPENDED = {
    Suspended.OPERATING.value: _l("Giấy phép đủ điều kiện kinh doanh"),
    Suspended.ANTT.value: _l("Giấy chứng nhận đủ điều kiện về an ninh, trật tự"),
    Suspended.ACTIVITY.value: _l("Hoạt động của cơ sở"),
}
_LABELS = {name: label[0] for name, label in labels(DecisionFields).items()}


def part_known(ordered: bool, done: str) -> str:
    """Say what is known of one part."""
    if done == "no":
        return _("biết là chưa chấp hành")
    if done:
        return _("đã chấp hành xong ngày %(day)s", day=day(done))
    return _("chưa rõ") if ordered else _("không có trong quyết định")


def acts(codes: tuple[str, ...], on: str) -> list[str]:
    """Say the acts with their articles."""
    return [f"{violations.words(code)} ({violations.citation(code, on) or code})" for code in codes]


def why(one: Reasoned) -> str:
    """Say in a sentence what the days of a window are counted from."""
    if not one.months:
        return _("Chỉ buộc khắc phục hậu quả, không phải hình thức xử phạt: không làm phát sinh tái phạm.")
    if one.cancelled_on:
        return _("Quyết định đã hủy ngày %(day)s: coi như chưa ban hành.", day=day(one.cancelled_on))
    if not one.latest:
        return _("Đang trốn tránh thi hành: thời hiệu chưa bắt đầu tính.")
    if one.earliest == one.latest and one.basis == "completed":
        return _("%(months)s tháng, tính từ ngày chấp hành xong %(day)s.", months=one.months, day=day(one.latest))
    if one.earliest == one.latest:
        return _("%(months)s tháng, tính từ khi hết thời hiệu thi hành %(day)s.", months=one.months, day=day(one.limit))
    return _(
        "%(months)s tháng: sớm nhất tính từ %(first)s, chậm nhất tính từ %(last)s, vì chưa biết hết việc chấp hành.",
        months=one.months, first=day(one.earliest), last=day(one.latest),
    )  # fmt: skip


def label(path: str) -> str:
    """Return the name of a field of a decision."""
    group, _sep, key = path.partition("/")
    return str(SUSPENDED.get(key, key)) if group == "suspension" else _LABELS.get(path, path)


def value(path: str, said: Any) -> str:
    """Say the value of a field in a history."""
    if said in (None, "", [], {}):
        return ""
    if path.startswith("suspension/"):
        return _("từ %(first)s đến hết %(last)s", first=day(said.get("from")) or "…", last=day(said.get("to")) or "…")
    if said == "no" and path.endswith("_done_on"):
        return _("biết là chưa chấp hành")
    if path.endswith(("_on", "_from", "_to")):
        return day(said)
    if path == "sanction":
        return str(SANCTIONS.get(said, said))
    if path == "ordered":
        return ", ".join(str(PARTS.get(part, part)) for part in said)
    if path == "amount":
        return number(said)
    if isinstance(said, dict):
        return "; ".join(f"{key}: {SANCTIONS.get(one, one)}" for key, one in said.items())
    if path == "violations":
        return _("%(n)s vi phạm", n=len(said))
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)


def in_place_of_ids(path: str) -> bool:
    """Say whether a field holds an id, which nobody reads: a history leaves it out."""
    return path in {"operator", "establishment", "inspection"}


def amount(state: Thing) -> str:
    """Write the amount that was decided."""
    said = state.get("amount")
    return _("%(amount)s đồng", amount=number(said)) if isinstance(said, int) else ""


def table(found: Listed, unit: str) -> Table:
    """Return a list of decisions as a table."""
    headings = [
        _("Số quyết định"), _("Cơ quan ra quyết định"), _("Ngày quyết định"), _("Chủ cơ sở"), _("Cơ sở"),
        _("Mã hành vi"), _("Hình thức xử phạt"), _("Số tiền (đồng)"), _("Ngày chấp hành xong"), _("Tình trạng"),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.authority, day(one.decided_on), one.operator_name, one.place, " ".join(one.codes),
            str(SANCTIONS.get(one.sanction, "")), one.amount, day(one.done_on),
            "; ".join(str(STATES[state]) for state in one.states),
        ]
        for one in found.rows
    ]  # fmt: skip
    return Table("quyet-dinh-xu-phat", _("Quyết định xử phạt – %(unit)s", unit=unit), headings, rows,
                 [(_("Địa bàn"), unit)])  # fmt: skip
