"""Histories as tables to be handed out: each line with what it says, and how old it is."""

from datetime import date

from flask_babel import gettext as _

from server.history.answers import age_lines, said
from server.history.operator import OperatorHistory
from server.history.place import PlaceHistory
from server.history.subjects import Subject
from server.history.words import line
from server.tables import Table


def timeline_table(subject: Subject, found: PlaceHistory | OperatorHistory) -> Table:
    """Return the lines of a history as a table; the law's answers stand with the facts."""
    headings = [_("Ngày"), _("Loại"), _("Nội dung"), _("Chi tiết"), _("Trạng thái")]
    rows = [
        [date.fromisoformat(one.day) if one.day else None, one.group, one.title, "; ".join(one.lines),
         "; ".join(words for words, _colour in one.marks)]
        for one in map(line, found.timeline)
    ]  # fmt: skip
    answers = [(one.acts, f"{one.answer}. {one.until}".strip()) for one in map(said, found.today)]
    facts = [*age_lines(found.age), *answers, (_("Lưu ý"), _("Để tham khảo; người có thẩm quyền xử phạt quyết định."))]
    if subject.kind == "establishment":
        return Table("lich-su-co-so", _("Lịch sử cơ sở: %(name)s", name=subject.name), headings, rows, facts)
    return Table("lich-su-chu-co-so", _("Lịch sử chủ cơ sở: %(name)s", name=subject.name), headings, rows, facts)
