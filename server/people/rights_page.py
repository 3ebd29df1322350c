"""Who may do what, in words: the one table of server/rights.py as a page that everybody may read."""

from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask_babel import lazy_gettext as _l

from server.access import SIGNED_IN, knock
from server.pages.words import ROLES
from server.people.second import REQUIRED_OF
from server.rights import RIGHTS
from server.rights import ROLES as ORDER

bp = Blueprint("rights", __name__)

WORDS = {
    "home.see": _l("Xem trang tổng quan"),
    "coverage.see": _l("Xem tỷ lệ cơ sở được kiểm tra"),
    "indicators.see": _l("Xem số liệu chỉ tiêu, bảng theo dõi"),
    "indicators.enter": _l("Nhập số liệu chỉ tiêu, gửi lên"),
    "indicators.review": _l("Duyệt số liệu chỉ tiêu của đơn vị dưới"),
    "returns.see": _l("Xem báo cáo"),
    "returns.make": _l("Lập báo cáo, gửi báo cáo"),
    "returns.number": _l("Ghi số báo cáo"),
    "deadlines.see": _l("Xem hạn báo cáo"),
    "work.see": _l("Xem việc trong năm"),
    "work.do": _l("Ghi kết quả việc trong năm"),
    "register.see": _l("Xem danh sách cơ sở"),
    "register.edit": _l("Sửa cơ sở và chủ cơ sở"),
    "register.import": _l("Nhập dữ liệu từ bảng tính"),
    "register.confirm": _l("Rà soát, chốt danh sách"),
    "duplicates.decide": _l("Gộp và tách cơ sở có thể trùng"),
    "assignments.see": _l("Xem phân công kiểm tra"),
    "assignments.decide": _l("Phân công kiểm tra"),
    "visits.see": _l("Xem cuộc kiểm tra và biên bản"),
    "visits.review": _l("Duyệt cuộc kiểm tra"),
    "visits.paper": _l("Ghi số biên bản, bản chụp và giấy tờ"),
    "arrivals.decide": _l("Đối chiếu hai bản khác nhau, nhận hồ sơ để riêng"),
    "duties.see": _l("Xem việc phải làm của các đội"),
    "decisions.see": _l("Xem quyết định xử phạt"),
    "decisions.edit": _l("Nhập và sửa quyết định xử phạt"),
    "law.see": _l("Xem danh mục hành vi và mức phạt"),
    "law.edit": _l("Sửa danh mục, gán mã hành vi, xác nhận mức phạt"),
    "history.see": _l("Tra cứu lịch sử cơ sở, có lý do"),
    "requests.answer": _l("Trả lời yêu cầu của chủ cơ sở"),
    "tips.see": _l("Xem tin báo, tố giác"),
    "tips.edit": _l("Nhập và cập nhật tin báo, tố giác"),
    "people.manage": _l("Mời, sửa, ngừng dùng tài khoản"),
    "teams.manage": _l("Lập, kiện toàn, ngừng đội kiểm tra"),
    "plans.manage": _l("Lập, sửa, thôi áp dụng kế hoạch"),
    "laptops.keep": _l("Đăng ký, khóa, ngừng dùng máy tính của đội"),
    "lookups.see": _l("Xem ai đã tra cứu dữ liệu của địa bàn"),
    "audit.see": _l("Xem nhật ký đăng nhập và tra cứu"),
    "jobs.see": _l("Xem việc tự động của máy chủ"),
}


@dataclass(frozen=True)
class Right:
    """One act: its code, and the roles that may do it."""

    act: str
    roles: tuple[str, ...]


def table() -> list[Right]:
    """Return the whole table, act by act, in its own order."""
    return [Right(act, tuple(role for role in ORDER if role in who)) for act, who in RIGHTS.items()]


@bp.get("/quyen")
@knock(SIGNED_IN)
def page() -> str:
    """Show which role may do what."""
    return render_template(
        "rights.html", table=table(), words=WORDS, ROLES=ROLES, order=ORDER, mine=g.user["role"], second=REQUIRED_OF
    )
