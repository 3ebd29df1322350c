"""Reading and checking a line before any transaction begins."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.fields import messages
from schemas.ids import is_id
from schemas.inspections import NewInspectionSchema
from schemas.items import ITEM_LIMIT, KINDS, REGISTER_KINDS, SCHEMA, Item, Unreadable, name_of, read
from schemas.office import EVENTS
from schemas.quick import plain_inspection
from schemas.register import check_edit
from schemas.settling import SETTLING
from schemas.versions import reads
from sync.judge import Reason

_visit = NewInspectionSchema()
_SAID = {**EVENTS, **SETTLING}
_OTHER_SCHEMA = {"schema": "Hồ sơ do bản khác của chương trình ghi; máy chủ sẽ nhận sau khi nâng cấp."}


@dataclass(frozen=True)
class Sender:
    """Who hands a batch in, as the door knows it, and the units it may write about; None: everywhere (the office)."""

    device: str
    scope: frozenset[str] | None
    revoked: bool = False


@dataclass(frozen=True)
class Prepared:
    """A line, read and checked outside the transaction."""

    item: Item
    problems: dict[str, str]
    reason: Reason = Reason.CONTENT
    fault: str = ""  # the reference of an error of ours in checking it
    plain: bool = False  # surely valid, an inspection like most, and made from nothing


def prepare(line: bytes, today: date) -> Prepared | str:
    """Read and check one line; an unreadable one comes back as its hash.

    *today* is the server's local day: a visit cannot be later than tomorrow.
    """
    try:
        item = read(line)
    except Unreadable:
        return name_of(line)
    if len(line) > ITEM_LIMIT:
        return Prepared(item, {"body": f"Hồ sơ dài quá {ITEM_LIMIT // 1024} KB; rút ngắn phần ghi chú rồi lưu lại."})
    if not reads(item.schema, SCHEMA) or item.kind not in KINDS:
        return Prepared(item, _OTHER_SCHEMA, Reason.SCHEMA)
    if item.kind == "inspection":
        return _prepare_visit(item, today)
    if item.kind in REGISTER_KINDS:
        return Prepared(item, check_edit(item.kind, item.body) | _id_problem(item))
    return Prepared(item, messages(_SAID[item.kind].validate(item.body)) | _id_problem(item))


def _prepare_visit(item: Item, today: date) -> Prepared:
    sure = plain_inspection(item.body)
    problems = {} if sure else messages(_visit.validate(item.body))
    problems |= _id_problem(item)
    if "date" not in problems and item.body.get("date", "") > (today + timedelta(days=1)).isoformat():
        day = date.fromisoformat(item.body["date"])
        problems["date"] = f"Ngày kiểm tra {day:%d/%m/%Y} ở sau hôm nay; nhập lại ngày."
    return Prepared(item, problems, plain=sure and not problems and item.base is None)


def _id_problem(item: Item) -> dict[str, str]:
    if item.kind in {"unit", "confirm_list", "weights"} or is_id(item.id):  # these are named by a unit
        return {}
    return {"id": "Mã của hồ sơ không đúng dạng."}

