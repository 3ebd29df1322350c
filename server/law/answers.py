"""The law's answers in words: a finding, never a verdict."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas.repeat import Answer, Basis
from schemas.violations import CatalogueRow, amount_range
from server.law.working import Working
from server.pages.words import day, number

ANSWERS: dict[Answer, Any] = {
    Answer.REPEAT: _l("Có căn cứ xác định tái phạm"),
    Answer.NOT_FOUND: _l("Không thấy căn cứ tái phạm trong dữ liệu hiện có"),
    Answer.CANNOT_TELL: _l("Chưa đủ thông tin để xác định"),
}
FORMS = {
    "enterprise": _l("Tổ chức"),
    "household": _l("Hộ kinh doanh"),
    "individual": _l("Cá nhân"),
}


def cleared(found: Working) -> str:
    """Say from which day the operator is as if it had not been sanctioned, and what that day is counted from."""
    on = day(found.cleared_on)
    if found.basis is Basis.EVASION:
        return _("Đang trốn tránh thi hành: thời hiệu chưa bắt đầu tính.")
    if not on:
        return ""
    if found.basis is Basis.LIMIT:
        return _("Được coi là chưa bị xử phạt chậm nhất từ ngày %(day)s (tính từ khi hết thời hiệu thi hành).", day=on)
    return _("Được coi là chưa bị xử phạt từ ngày %(day)s (tính từ ngày chấp hành xong).", day=on)


def fine(row: CatalogueRow | None, form: str) -> str:
    """Say the range of a fine for a legal form: from a confirmed row only."""
    found = amount_range(row, form) if row else None
    if found is None:
        return _("Chưa có xác nhận của pháp chế – không in mức phạt")
    return _("Từ %(low)s đến %(high)s đồng", low=number(found[0]), high=number(found[1]))
