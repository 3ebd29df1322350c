"""Invented visits: bodies for benches, and those of a sample with what came after each."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

from schemas.checklists import ChecklistItem, items_for, versions
from schemas.violations import CatalogueRow, in_force
from server.sample import names
from server.sample.chance import happens, new_id, some_day

Body = dict[str, Any]
Members = tuple[dict[str, str], ...]
_UNCODED = (
    "Không xuất trình được giấy chứng nhận đăng ký kinh doanh khi kiểm tra",
    "Chưa niêm yết giá dịch vụ",
    "Chưa thông báo bằng văn bản trước khi hoạt động",
)
_ATTEMPTS = {
    "closed_tonight": "Cửa khóa, bên trong không có đèn; đã hỏi hộ bên cạnh.",
    "stopped": "Biển hiệu đã tháo, nhà để ở.",
    "not_found": "Đến địa chỉ ghi trong sổ, không có cơ sở nào.",
    "refused": "Người trông coi không mở cửa, không nêu lý do.",
}
_GROUNDS = {
    "complaint": "Đơn phản ánh số {n} về tiếng ồn sau 24 giờ",
    "request": "Văn bản số {n}/UBND-VX yêu cầu kiểm tra",
    "signs": "Biên bản ghi nhận số {n}: hoạt động quá giờ quy định",
}


@lru_cache(maxsize=4096)
def _items(kinds: tuple[str, ...], day: date) -> tuple[ChecklistItem, ...]:
    return items_for(kinds, day)


@lru_cache(maxsize=4096)
def _versions(kinds: tuple[str, ...], day: date) -> dict[str, int]:
    return versions(kinds, day)


@lru_cache(maxsize=4096)
def _acts(kinds: tuple[str, ...], day: date) -> tuple[CatalogueRow, ...]:
    return in_force(day, kinds)


def visits(
    rng: Random, places: Sequence[tuple[str, tuple[str, ...]]], team: str, *, first: date, last: date, count: int
) -> Iterator[Body]:
    """Make *count* bodies of visits to *places* (id, kinds) from *first* to *last*, without any database."""
    members = tuple(
        {"name": names.person(rng), "agency": "Công an xã", "role": role} for role in ("Đội trưởng", "", "")
    )
    for _ in range(count):
        place, kinds = rng.choice(places)
        yield visit(rng, place, kinds, team, members, some_day(rng, first, last))


def visit(rng: Random, place: str, kinds: tuple[str, ...], team: str, members: Members, day: date) -> Body:
    """Make one finished visit of the shape that benches ask for: some thirty answers, now and then a violation."""
    items = _items(kinds, day)[:30]
    violated = happens(rng, _share_with_violations(day.year))
    answers = rng.choices(("pass", "na"), (9, 1), k=len(items))
    if violated:
        answers[rng.randrange(len(answers))] = "fail"
    hour, minute = rng.choice((9, 14, 19, 20, 21, 22)), rng.randrange(60)
    body: Body = {
        "establishment": place,
        "team": team,
        "date": day.isoformat(),
        "basis": "planned",
        "outcome": "violations" if violated else "no_violation",
        "revision": 1,
        "decision": f"{rng.randint(1, 90)}/QĐ-ĐKT",
        "started": f"{hour:02d}:{minute:02d}",
        "ended": f"{hour + 1:02d}:{rng.randrange(60):02d}",
        "members": list(members),
        "representative": names.person(rng),
        "representative_role": rng.choice(("Chủ cơ sở", "Quản lý", "Người được ủy quyền")),
        "checklists": _versions(kinds, day),
        "answers": {item.code: answer for item, answer in zip(items, answers, strict=True)},
        "workers": _workers(rng),
        "informed": rng.randint(0, 12),
        "found_working": True,
        "remark": "Cơ sở chấp hành tốt." if not violated else "Yêu cầu cơ sở khắc phục, báo cáo kết quả.",
    }
    if violated:
        body["violations"] = _violations(rng, kinds, day)
        body["statement"] = "Cơ sở nhất trí với nội dung biên bản."
    if happens(rng, 0.1):
        trigger = rng.choice(tuple(_GROUNDS))
        body |= {"basis": "unscheduled", "trigger": trigger, "ground": _GROUNDS[trigger].format(n=rng.randint(1, 400))}
    return body


def attempt(rng: Random, place: str, team: str, members: Members, day: date) -> Body:
    """Make an outing that inspected nothing, with what was seen."""
    outcome = rng.choice(tuple(_ATTEMPTS))
    return {
        "establishment": place, "team": team, "date": day.isoformat(), "basis": "planned", "outcome": outcome,
        "revision": 1, "members": list(members), "remark": _ATTEMPTS[outcome],
    }  # fmt: skip


def _share_with_violations(year: int) -> float:
    return (0.45, 0.32, 0.24, 0.17, 0.10)[year % 5]


def _workers(rng: Random) -> dict[str, int]:
    total = rng.randint(0, 9)
    return {
        "total": total,
        "contract": rng.randint(0, total),
        "health_papers": rng.randint(0, total),
        "commitment": rng.randint(0, total),
        "under_18": 0,
    }


def _violations(rng: Random, kinds: tuple[str, ...], day: date) -> list[dict[str, str]]:
    """Find one to three acts in the catalogue of that day; before it begins, and now and then after, uncoded ones."""
    acts = _acts(kinds, day)
    found = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        act = {"id": new_id(rng, day), "committed_on": day.isoformat()}
        if acts and happens(rng, 0.9):
            row = rng.choice(acts)
            found.append(act | {"code": row.code, "text": row.name_vi, "citation": row.citation})
        else:
            found.append(act | {"text": rng.choice(_UNCODED)})
    return found
