"""Why a sync did not go through, and the sentence for it that says what to do."""

from dataclasses import dataclass
from enum import StrEnum

from sync.errors import BadReply, LineError, Refused, ServerFault, Unreachable


class Trouble(StrEnum):
    """Why a sync did not go through; empty when it did."""

    NONE = ""
    OFFLINE = "offline"  # a normal day
    BUSY = "busy"  # another sync is going on here
    LATER = "later"  # the server said when to come again
    REFUSED = "refused"  # a person must look
    LOCKED = "locked"  # the office has locked this laptop
    UNKNOWN = "unknown"  # the server does not know this laptop: enrol again
    FAULT = "fault"  # the server fell over
    BAD_REPLY = "bad-reply"  # the answer cannot be right
    STOPPED = "stopped"  # a person stopped it


@dataclass(frozen=True)
class Said:
    """A trouble in words, and when the server said to come again."""

    trouble: Trouble = Trouble.NONE
    words: str = ""
    retry_after: float | None = None


_SENTENCES = {
    Trouble.OFFLINE: "Không có mạng hoặc máy chủ không trả lời – vẫn ghi và lưu được; sẽ tự gửi lại.",
    Trouble.LATER: "Máy chủ đang bận; hồ sơ vẫn chờ gửi và sẽ tự gửi lại sau ít phút.",
    Trouble.FAULT: "Máy chủ gặp lỗi; hồ sơ vẫn chờ gửi và sẽ tự gửi lại. Nếu lặp lại, báo văn phòng.",
    Trouble.BAD_REPLY: "Câu trả lời bị cắt hoặc không đúng; hồ sơ vẫn chờ gửi. Thử lại; nếu lặp lại, báo văn phòng.",
    Trouble.UNKNOWN: "Máy chủ không nhận ra máy này; xin mã đăng ký mới ở văn phòng. Hồ sơ trên máy còn nguyên.",
    Trouble.LOCKED: "Văn phòng đã khóa máy này; hỏi lại văn phòng. Hồ sơ trên máy còn nguyên.",
    Trouble.REFUSED: "Máy chủ không nhận; hỏi lại văn phòng. Hồ sơ trên máy còn nguyên.",
}
UNPROVEN = (
    "Câu trả lời nói máy này bị khóa nhưng không có chữ ký của máy chủ; máy không bị khóa. Báo văn phòng."
)
STOPPED = Said(
    Trouble.STOPPED, "Đã tạm dừng; phần máy chủ đã nhận không gửi lại, phần còn lại vẫn chờ. Bấm Gửi ngay để gửi tiếp."
)
_SLUGS = {"unknown-device": Trouble.UNKNOWN, "revoked-device": Trouble.LOCKED}


def explain(error: LineError) -> Said:
    """Put what went wrong on the line into a sentence that says what to do."""
    match error:
        case Unreachable(retry_after=float(wait)):
            return Said(Trouble.LATER, _SENTENCES[Trouble.LATER], wait)
        case Unreachable():
            trouble = Trouble.OFFLINE
        case ServerFault():
            trouble = Trouble.FAULT
        case BadReply():
            trouble = Trouble.BAD_REPLY
        case Refused(slug=slug) if slug in _SLUGS:
            trouble = _SLUGS[slug]
        case _:
            return Said(Trouble.REFUSED, str(error) or _SENTENCES[Trouble.REFUSED])
    return Said(trouble, _SENTENCES[trouble])
