"""What a standing means for the person at the laptop, and the one thing to do next."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from field_client import web
from field_client.matters import Matter
from field_client.places import NotKnown, find, named
from schemas.ids import is_id


@dataclass(frozen=True)
class Step:
    """A sentence of what has happened, one of what to do, and the button: `correct`, `compare`, `send`, or none."""

    happened: str
    todo: str
    button: str = ""


def next_step(matter: Matter) -> Step:
    """Say what has become of an own item and what comes next."""
    return _STEPS.get(matter.standing, _accepted)(matter)


def _accepted(matter: Matter) -> Step:
    match matter.detail.get("settled"):
        case "mine":
            return Step(_("%(who)s đã đối chiếu và giữ bản của máy này.", who=_who(matter)) + _why(matter), _nothing())
        case "both":
            return Step(_("%(who)s đã đối chiếu và giữ cả hai.", who=_who(matter)) + _why(matter), _nothing())
    if matter.first == "held":
        return Step(_("Hồ sơ liên quan đã đến; máy chủ đã nhận hồ sơ này."), _nothing())
    return Step(_("Máy chủ đã nhận."), _nothing())


def _held(matter: Matter) -> Step:
    if matter.kind == "attachment":
        return _file_held(matter)
    waiting: list[str] = []
    elsewhere: list[str] = []
    for kind, id in matter.detail.get("needs", ()):
        (waiting if _waits_here(kind, id) else elsewhere).append(_needed(kind, id))
    if waiting:
        return Step(_("Còn chờ: %(what)s, trên máy này chưa gửi.", what=", ".join(waiting)), _("Bấm Gửi ngay."), "send")
    what = ", ".join(elsewhere) or _("hồ sơ liên quan")
    return Step(
        _("Còn chờ: %(what)s, do máy khác hoặc văn phòng gửi.", what=what),
        _("Chưa cần làm gì: hồ sơ kia đến thì tự được nhận. Lâu không thấy thì báo văn phòng."),
    )


def _file_held(matter: Matter) -> Step:
    said = _("Máy chủ giữ thông tin tệp, còn chờ cuộc kiểm tra của tệp được nhận.")
    if any(_waits_here(kind, id) for kind, id in matter.detail.get("needs", ())):
        return Step(said, _("Bấm Gửi ngay."), "send")
    return Step(said, _("Cuộc kiểm tra được sửa xong, hoặc đến nơi, thì tệp tự được nhận."))


def _needed(kind: str, id: str) -> str:
    if kind == "item":
        return str(_("bản trước của biên bản này"))
    if not _is_here(kind, id):
        place, owner = _("một cơ sở chưa có trên máy này"), _("một chủ cơ sở chưa có trên máy này")
        return str({"establishment": place, "operator": owner}.get(kind, _("hồ sơ liên quan")))
    name = named(web.db())(kind, id)
    words = {"establishment": _("cơ sở “%(name)s”", name=name), "operator": _("chủ cơ sở “%(name)s”", name=name)}
    return str(words.get(kind, name))


def _is_here(kind: str, id: str) -> bool:
    try:
        find(web.db(), kind, id)
    except NotKnown:
        return False
    return True


def _waits_here(kind: str, id: str) -> bool:
    column = "name" if kind == "item" else "id"
    row = web.db().conn.execute(f"SELECT 1 FROM own WHERE {column} = ? AND waiting = 1 LIMIT 1", (id,)).fetchone()
    return row is not None


def _conflict(matter: Matter) -> Step:
    said = _("Nơi khác đã sửa cùng nội dung; máy chủ giữ cả hai bản.")
    return Step(said, _("Chưa cần làm gì: văn phòng đối chiếu và chọn giữ bản nào."), "compare")


def _quarantined(matter: Matter) -> Step:
    match matter.detail.get("reason"):
        case "right":
            said = _("Máy này không được ghi cho cơ sở ngoài địa bàn, hoặc máy đã bị khóa.")
            return Step(said, _("Hồ sơ vẫn được giữ, chờ văn phòng quyết định."))
        case "schema":
            said = _("Máy chủ chưa đọc được hồ sơ do bản chương trình này ghi.")
            return Step(said, _("Chưa cần làm gì: máy chủ nâng cấp xong thì tự được nhận."))
        case "server-fault":
            ref = str(matter.detail.get("reference") or "")
            said = _("Máy chủ gặp lỗi khi nhận hồ sơ này, mã lỗi %(ref)s.", ref=ref)
            return Step(said, _("Chưa cần làm gì: máy chủ sửa xong thì tự được nhận. Lâu không thấy thì báo mã lỗi."))
    if matter.kind == "inspection":
        return Step(_("Máy chủ đã giữ hồ sơ nhưng chưa tính."), _("Mở để sửa, rồi chốt lại."), "correct")
    if matter.kind == "attachment":
        return Step(_("Máy chủ đã giữ thông tin tệp nhưng chưa tính."), _("Đính kèm lại tệp vào cuộc kiểm tra."))
    return Step(
        _("Máy chủ đã giữ thay đổi này nhưng chưa đưa vào danh sách."),
        _("Nhập lại cho đúng; không nhập lại được thì báo văn phòng."),
    )


def _declined(matter: Matter) -> Step:
    if matter.detail.get("replaced_by") or matter.detail.get("replaced"):
        return Step(_("Bản đính chính đã thay bản này."), _nothing())
    if matter.detail.get("settled") == "theirs":
        said = _("%(who)s đã đối chiếu và giữ bản trên máy chủ.", who=_who(matter))
    else:
        said = _("%(who)s không đưa hồ sơ này vào kết quả.", who=_who(matter))
    return Step(said + _why(matter), _("Thấy chưa đúng thì ghi đính chính, hoặc báo văn phòng."))


def _erased(matter: Matter) -> Step:
    ground = str(matter.detail.get("ground") or "").strip()
    why = _(", căn cứ: %(ground)s", ground=ground) if ground else ""
    return Step(
        _("Nội dung đã được xóa theo quyết định của %(who)s%(why)s.", who=_who(matter, in_a_sentence=True), why=why),
        _nothing(),
    )


def _unreadable(matter: Matter) -> Step:
    return Step(_("Máy chủ không đọc được hồ sơ này; hồ sơ vẫn còn trên máy."), _("Báo văn phòng; không xóa gì."))


def _nothing() -> str:
    return str(_("Không cần làm gì thêm."))


def _why(matter: Matter) -> str:
    why = str(matter.detail.get("why") or "").strip()
    return str(_(" Lý do: %(why)s", why=why)) if why else ""


def _who(matter: Matter, *, in_a_sentence: bool = False) -> str:
    """Name who decided; an account's id says nothing to the team."""
    who = str(matter.detail.get("by") or "").strip()
    if who and not is_id(who):
        return who
    return str(_("văn phòng") if in_a_sentence else _("Văn phòng"))


_STEPS: dict[str, Callable[[Matter], Step]] = {
    "accepted": _accepted,
    "held": _held,
    "conflict": _conflict,
    "quarantined": _quarantined,
    "declined": _declined,
    "erased": _erased,
    "unreadable": _unreadable,
}
