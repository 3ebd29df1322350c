"""What may still come to a return: it is sent once, and what was sent changes no more."""

from schemas.items import Item
from schemas.returns import AFTER_SENDING, ReturnStanding
from server.arrivals.world import World

_SENT = {ReturnStanding.SENT, ReturnStanding.REPLACED}
_OF_THE_CLERK = ("number", "signed_on")


def frozen_problem(world: World, item: Item) -> dict[str, str]:
    """Return why a return cannot be sent: it is not there, is no draft, was sent before, or was changed meanwhile.

    What is sent was put together before anything is written: what came to the draft since then is not in its file.
    The freeze itself comes first in its batch, so that nothing of its own stands in its way.
    """
    if _document(world, item.id):
        return {"return": "Báo cáo này đã gửi, số liệu đã chốt; muốn thay thì lập lần mới."}
    state = world.state("return", item.id)
    if state is None:
        return {"return": "Không có báo cáo này trên máy chủ."}
    if state["standing"] != ReturnStanding.DRAFT:
        return {"return": "Báo cáo này không còn là bản nháp; mở lại danh sách báo cáo."}
    if _changed_since(world, item.id, item.body["seq"]):
        return {"return": "Bản nháp vừa được sửa trong lúc gửi nên chưa gửi; xem lại báo cáo rồi gửi lại."}
    return {}


def _changed_since(world: World, id: str, seq: int) -> bool:
    """Say whether anything of the return arrived, or came to stand, after the arrival *seq*."""
    row = world.conn.execute(
        "SELECT 1 FROM items WHERE id = ? AND kind = 'return' AND standing = 'accepted' AND (seq > ? OR EXISTS"
        " (SELECT 1 FROM arrivals WHERE arrivals.item = items.name AND first = 0 AND arrivals.seq > ?)) LIMIT 1",
        (id, seq, seq),
    ).fetchone()
    return row is not None


def sent_problem(world: World, item: Item) -> dict[str, str]:
    """Return what an edit would change of a return that was sent; or that it treats as sent what is not frozen."""
    if item.kind != "return":
        return {}
    sent, standing = bool(_document(world, item.id)), item.body["set"].get("standing")
    if standing and (standing in _SENT) != sent:
        word = "Báo cáo đã chốt số liệu." if sent else "Báo cáo chưa chốt số liệu; gửi bằng nút Gửi báo cáo."
        return {"standing": word}
    if standing == ReturnStanding.REPLACED and not _is_replaced(world, item.id):
        return {"standing": "Lần mới thay báo cáo này chưa chốt số liệu; báo cáo này vẫn là báo cáo đã gửi."}
    early = [] if sent else [field for field in _OF_THE_CLERK if item.body["set"].get(field)]
    if early:
        return dict.fromkeys(early, "Báo cáo chưa gửi; văn thư cấp số sau khi gửi.")
    late = sorted(set(item.body["set"]) - AFTER_SENDING) if sent else []
    return dict.fromkeys(late, "Báo cáo đã chốt số liệu; muốn sửa thì lập lần mới thay báo cáo này.")


def _is_replaced(world: World, id: str) -> bool:
    """Say whether another version that takes the place of this one was sent."""
    row = world.conn.execute(
        "SELECT 1 FROM returns JOIN frozen_returns ON frozen_returns.id = returns.id"
        " WHERE replaces = ? AND replaces <> '' LIMIT 1",
        (id,),
    ).fetchone()
    return row is not None


def _document(world: World, id: str) -> str:
    row = world.conn.execute("SELECT document FROM frozen_returns WHERE id = ?", (id,)).fetchone()
    return row[0] if row else ""
