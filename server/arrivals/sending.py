"""What may still come to a return: it is sent once, and what was sent changes no more."""

from schemas.items import Item
from schemas.returns import AFTER_SENDING, ReturnStanding
from server.arrivals.world import World

_SENT = {ReturnStanding.SENT, ReturnStanding.REPLACED}


def frozen_problem(world: World, item: Item) -> dict[str, str]:
    """Return why a return cannot be sent: it is not there, is no draft, or was sent before."""
    if _document(world, item.id):
        return {"return": "Báo cáo này đã gửi, số liệu đã chốt; muốn thay thì lập lần mới."}
    state = world.state("return", item.id)
    if state is None:
        return {"return": "Không có báo cáo này trên máy chủ."}
    if state["standing"] != ReturnStanding.DRAFT:
        return {"return": "Báo cáo này không còn là bản nháp; mở lại danh sách báo cáo."}
    return {}


def sent_problem(world: World, item: Item) -> dict[str, str]:
    """Return what an edit would change of a return that was sent; or that it calls sent what is not frozen."""
    if item.kind != "return":
        return {}
    sent, standing = bool(_document(world, item.id)), item.body["set"].get("standing")
    if standing and (standing in _SENT) != sent:
        word = "Báo cáo đã chốt số liệu." if sent else "Báo cáo chưa chốt số liệu; gửi bằng nút Gửi báo cáo."
        return {"standing": word}
    late = sorted(set(item.body["set"]) - AFTER_SENDING) if sent else []
    return dict.fromkeys(late, "Báo cáo đã chốt số liệu; muốn sửa thì lập lần mới thay báo cáo này.")


def _document(world: World, id: str) -> str:
    row = world.conn.execute("SELECT document FROM frozen_returns WHERE id = ?", (id,)).fetchone()
    return row[0] if row else ""
