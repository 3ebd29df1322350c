"""Invented places and visits, the same for the same seed: the shape of the real ones, and nobody real."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.checklists import items_for, versions
from schemas.ids import new_id
from schemas.register import State
from schemas.units import UnitTree, packaged_successors, packaged_units
from schemas.violations import in_force

ANSWERS = 30  # to each visit
VIOLATING = {"karaoke": 30, "dance_hall": 25, "massage": 45, "lodging": 10}  # percent of visits, by kind
KINDS = ("karaoke", "karaoke", "karaoke", "massage", "lodging", "lodging", "dance_hall")
_WORDS = {"karaoke": "Karaoke", "dance_hall": "Vũ trường", "massage": "Massage", "lodging": "Nhà nghỉ"}
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Mai", "Trịnh")
_MIDDLE = ("Văn", "Thị", "Đức", "Hữu", "Ngọc", "Quang", "Thanh", "Minh", "Xuân", "Kim")
_GIVEN = ("An", "Bình", "Cường", "Dung", "Đào", "Hạnh", "Hùng", "Lan", "Mỹ", "Nga", "Oanh", "Phúc", "Quý", "Sơn", "Tú", "Yến")
_PLACES = ("Đông Đô", "Ánh Dương", "Hoàng Gia", "Sao Đêm", "Phố Núi", "Sông Mã", "Lam Sơn", "Hàm Rồng", "Bình Minh", "Ngọc Trai")
_STREETS = ("Phố Giắt", "Đường Lê Lợi", "Thôn 3", "Tiểu khu 5", "Đường Quang Trung", "Khu phố Bà Triệu", "Quốc lộ 47")
_AGENCIES = ("Công an xã", "UBND xã", "Trạm Y tế", "Phòng Văn hóa và Thông tin", "Công an huyện", "Đội Quản lý thị trường")
_REMARKS = (
    "Cơ sở chấp hành tốt, hồ sơ để tại quầy lễ tân.", "Đề nghị cơ sở bổ sung sổ theo dõi khách trước ngày 20.",
    "Đã nhắc nhở cơ sở niêm yết giá và nội quy ở nơi dễ thấy.", "Phòng ốc sạch sẽ; đèn ở hành lang tầng hai cần thay.",
    "Cơ sở hợp tác, xuất trình đủ giấy tờ khi được yêu cầu.",
)  # fmt: skip
_NOTES = ("Chưa xuất trình được bản gốc", "Hết hạn từ tháng trước", "Ghi thiếu ba ngày", "Chưa niêm yết tại quầy")


def communes(area: str | None) -> list[str]:
    """Name the communes of an area by their keys; None: all of the present map."""
    if area is None:
        return [unit.key for unit in packaged_units() if unit.key.startswith("new:") and unit.level.value == "commune"]
    return list(UnitTree(packaged_units(), packaged_successors()).communes(area))


class Inventor:
    """Invents, from one seed."""

    def __init__(self, seed: int, today: date) -> None:
        """Begin; nothing invented lies after *today*."""
        self.dice = Random(seed)
        self.today = today

    def person(self) -> str:
        """Return a name."""
        return " ".join(map(self.dice.choice, (_FAMILY, _MIDDLE, _GIVEN)))

    def operator(self) -> State:
        """Return the state of an operator."""
        return {"name": f"Hộ kinh doanh {self.person()}", "form": "household"}

    def place(self, code: str, unit: str, operator: str | None = None) -> State:
        """Return the state of a place that has been open for years."""
        kind, name = self.dice.choice(KINDS), self.dice.choice(_PLACES)
        epoch, _, commune = unit.partition(":")
        since = f"{self.dice.randint(2015, 2021)}-{self.dice.randint(1, 12):02d}-01"
        address = f"Số {self.dice.randint(1, 400)}, {self.dice.choice(_STREETS)}"
        state: State = {
            "code": code,
            "name": f"{_WORDS[kind]} {name} {self.dice.randint(1, 99)}",
            "phone": f"0{self.dice.randint(310_000_000, 989_999_999)}",
            "place/1": {"from": since, "epoch": epoch, "unit": commune, "address": address},
            "kind/1": {"from": since, "kind": kind},
            "status/1": {"from": since, "status": "open"},
        }
        return state | ({"operator/1": {"from": since, "operator": operator}} if operator else {})

    def day(self) -> date:
        """Return a day of the last ten months."""
        return self.today - timedelta(days=self.dice.randint(0, 300))

    def visit(self, place: str, kind: str, team: str) -> dict[str, Any]:
        """Return the body of a visit, as a finished form writes it: 30 answers, three members, some violations."""
        day = self.day()
        found = self.dice.randint(1, 100) <= VIOLATING[kind]
        violations = self._violations(kind, day) if found else []
        start = self.dice.randint(8 * 60, 22 * 60)
        body = {
            "establishment": place, "team": team, "date": day.isoformat(), "basis": "planned",
            "outcome": "violations" if found else "no_violation", "revision": 1,
            "started": _clock(start), "ended": _clock(start + self.dice.randint(20, 100)),
            "decision": f"{self.dice.randint(1, 90)}/QĐ-ĐKT", "members": self._members(),
            "representative": self.person(), "representative_role": self.dice.choice(("Quản lý", "Chủ cơ sở")),
            "checklists": versions([kind], day), **self._checked(kind, day), "workers": self._workers(),
            "informed": self.dice.randint(1, 12), "found_working": True, "remark": self.dice.choice(_REMARKS),
        }  # fmt: skip
        return body | ({"violations": violations} if violations else {})

    def _members(self) -> list[dict[str, str]]:
        roles = ("Đội trưởng", "Thành viên", "Thành viên")
        return [
            {"name": self.person(), "agency": agency, "role": role, "card": f"{self.dice.randint(1, 999):03d}"}
            for role, agency in zip(roles, self.dice.sample(_AGENCIES, 3), strict=True)
        ]

    def _checked(self, kind: str, day: date) -> dict[str, dict[str, str]]:
        codes = [item.code for item in items_for([kind], day)][:ANSWERS]
        answers = dict(zip(codes, self.dice.choices(("pass", "fail", "na", "unchecked"), (80, 4, 12, 4), k=ANSWERS), strict=True))
        notes = {code: self.dice.choice(_NOTES) for code, said in answers.items() if said == "fail"}
        return {"answers": answers} | ({"notes": notes} if notes else {})

    def _workers(self) -> dict[str, int]:
        total = self.dice.randint(2, 14)
        parts = {part: self.dice.randint(0, total) for part in ("contract", "health_papers", "commitment")}
        return {"total": total, **parts, "under_18": 0}

    def _violations(self, kind: str, day: date) -> list[dict[str, str]]:
        rows: Sequence[Any] = in_force(day, [kind])
        return [
            {"id": new_id(), "code": row.code, "facts": self.dice.choice(_NOTES), "committed_on": day.isoformat()}
            for row in self.dice.sample(rows, self.dice.choice((1, 1, 2)))
        ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
