"""The letter that reminds those that have not sent, as a paper to be signed. It is downloaded; nobody sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from server.documents.model import Head, Paper, Part, Row, Sheet
from server.due.shape import Due

MOST_NAMED = 12  # of units in the address; more stand in the list under the letter
BLANKS = ("issuer_above", "issuer", "symbol", "place", "authority", "signing", "role", "signer")


@dataclass(frozen=True)
class Writing:
    """Who writes, and on what day; *names* of the units by key, *title* of the report, *given*: the blanks typed."""

    unit_name: str
    title: str
    today: date
    names: Mapping[str, str]
    given: Mapping[str, str] = field(default_factory=dict)


def letter(waited_for: Sequence[Due], how: Writing) -> Paper:
    """Write the letter to the units of one deadline that have not sent. The deadline stands in the plan's own words."""
    one, said = waited_for[0], {name: how.given.get(name, "") for name in BLANKS}
    units = sorted(how.names[each.unit] for each in waited_for)
    few = len(units) <= MOST_NAMED
    return Paper(
        **said | {"issuer": said["issuer"] or f"UBND {how.unit_name}".upper(), "place": said["place"] or how.unit_name},
        title=f"V/v đôn đốc gửi {_lower(how.title)}", day=str(how.today.year), kind="",
        addressees=tuple(f"UBND {name}" for name in units) if few else ("Ủy ban nhân dân các đơn vị trong danh sách kèm theo",),
        opening=(_asks(one, how), _over(one, how.today), _wants(one, how.today)),
        parts=(Part("", sheets=(_list(waited_for, how),)),) if not few else (),
        closing=("Đề nghị các đơn vị quan tâm, thực hiện./.",), recipients=("Như trên;", "Lưu: VT."), draft=True,
    )  # fmt: skip


def _asks(one: Due, how: Writing) -> str:
    plan = f"{one.plan_name}{f' số {one.plan_number}' if one.plan_number else ''}"
    words = f" (“{one.words}”)" if one.words else ""
    to = f", gửi {one.receiver}" if one.receiver else ""
    return f"Theo {_lower(plan)}{words}, {_lower(how.title)} phải được gửi {one.before}{to}."


def _over(one: Due, today: date) -> str:
    left = (date.fromisoformat(one.last_day) - today).days
    day = f"{today:%d/%m/%Y}"
    if left < 0:
        return f"Đến ngày {day}, đã quá hạn {-left} ngày, các đơn vị có tên trong văn bản này chưa gửi báo cáo."
    ends = "hôm nay là ngày cuối để gửi" if left == 0 else f"còn {left} ngày đến ngày cuối để gửi"
    return f"Đến ngày {day}, {ends}, các đơn vị có tên trong văn bản này chưa gửi báo cáo."


def _wants(one: Due, today: date) -> str:
    last = one.go_by if today.isoformat() <= one.go_by else ""
    if not last:
        return "Đề nghị các đơn vị gửi báo cáo ngay khi nhận được văn bản này."
    sooner = f", vì {one.clash.plan_name} yêu cầu {one.clash.before}" if one.clash else ""
    return f"Đề nghị các đơn vị gửi báo cáo chậm nhất hết ngày {date.fromisoformat(last):%d/%m/%Y}{sooner}."


def _list(waited_for: Sequence[Due], how: Writing) -> Sheet:
    rows = sorted(how.names[each.unit] for each in waited_for)
    return Sheet(
        title="Danh sách đơn vị chưa gửi báo cáo", head=((Head("STT"), Head("Đơn vị")),), widths=(1, 8),
        rows=tuple(Row((number, name)) for number, name in enumerate(rows, 1)), name="Chưa gửi",
    )  # fmt: skip


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
