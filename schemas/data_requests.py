"""What an operator asked about its own data, by a paper: to see it or to have it put right, and what was answered."""

from enum import StrEnum

from schemas.fields import Choice, Day, Id, Record, Text
from schemas.purpose import rules


class Asks(StrEnum):
    """What is asked for."""

    SEE = "see"
    CORRECT = "correct"


class Given(StrEnum):
    """What was answered."""

    SHOWN = "shown"
    CORRECTED = "corrected"
    PARTLY = "partly"
    REFUSED = "refused"


class DataRequestFields(Record):
    """A request of an operator. Who asked is the operator, by the number of the paper; no other person stands here."""

    operator = Id(label=("Chủ cơ sở", "Operator"))
    paper = Text(limit=120, label=("Số văn bản yêu cầu", "Paper"))
    asks = Choice(Asks, label=("Yêu cầu", "Asks"))
    about = Text(allow_none=True, limit=1000, label=("Nội dung yêu cầu", "About"))
    received_on = Day(label=("Ngày nhận", "Received on"))
    due_on = Day(label=("Hạn trả lời", "Due on"))
    answer = Choice(Given, allow_none=True, label=("Kết quả trả lời", "Answer"))
    answered_on = Day(allow_none=True, label=("Ngày trả lời", "Answered on"))
    answer_paper = Text(allow_none=True, limit=120, label=("Số văn bản trả lời", "Paper of the answer"))
    answer_note = Text(allow_none=True, limit=1000, label=("Nội dung trả lời", "What was answered"))


def days_to_answer() -> int:
    """Return how many days an answer may take."""
    return int(rules()["request_days"])
