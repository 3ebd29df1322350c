"""How a tip's classification, verification and deadline are said."""

from flask_babel import lazy_gettext as _l

from schemas.tips import CLASSES, VERIFIED
from server.tips.times import Timing

CLASS_WORDS = {"": _l("Chưa phân loại")} | {one.value: _l(words[0]) for one, words in CLASSES.items()}
VERIFIED_WORDS = {"": _l("Chưa xác minh")} | {one.value: _l(words[0]) for one, words in VERIFIED.items()}
TIMING_WORDS = {
    Timing.IN_TIME: _l("Đã giải quyết đúng hạn"),
    Timing.LATE: _l("Đã giải quyết, trễ hạn"),
    Timing.OVERDUE: _l("Quá hạn, chưa giải quyết"),
    Timing.RUNNING: _l("Còn hạn"),
}
