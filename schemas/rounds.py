"""Tonight's outing: the decision, the leader and the members present, entered once and carried to each place."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from marshmallow import fields, post_load

from schemas.fields import Day, Id, Record, Text
from schemas.inspections import Member, MemberSchema


@dataclass(frozen=True)
class Round:
    """One outing of one team."""

    id: str
    team: str
    day: date
    decision: str = ""
    leader: str = ""
    members: tuple[Member, ...] = ()

    def rows(self) -> list[dict[str, str]]:
        """Return the members as an inspection writes them, without what is not known of them."""
        return [{key: value for key, value in asdict(member).items() if value} for member in self.members]


class RoundSchema(Record):
    """How an outing is written down."""

    id = Id(required=True)
    team = Id(required=True, label=("Đội kiểm tra", "Team"))
    day = Day(required=True, label=("Ngày", "Date"))
    decision = Text(load_default="", limit=120, label=("Quyết định kiểm tra số", "Inspection decision"))
    leader = Text(load_default="", limit=200, label=("Trưởng đoàn", "Leader"))
    members = fields.List(
        fields.Nested(MemberSchema), load_default=list, metadata={"vi": "Thành phần tham gia", "en": "Members present"}
    )

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> Round:
        data["members"] = tuple(data["members"])
        return Round(**data)
