"""Invented work of a year: tasks with papers, inspections of communes' own work, proposals after the review."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.work import unit_checklist
from server.changes.work import task_id
from server.sample.chance import happens, new_id, some_day
from server.sample.names import person
from server.sample.places import Place
from server.sample.shape import Shape
from server.sample.teams import Team
from server.sample.writer import Writer

INSPECTED, PROPOSED = 4, 5
_ANSWERS, _HOW_OFTEN = ("pass", "fail", "na", "unchecked"), (68, 18, 5, 9)
_ASKED = (
    ("remove", "Cơ sở đã chuyển sang bán tạp hóa (giả định)"),
    ("kind", "Cơ sở có thêm phòng xoa bóp từ đầu năm (giả định)"),
    ("add", "Có nhà nghỉ mới mở ở thôn 4, chưa có trong danh sách (giả định)"),
)
_DECIDED: tuple[dict[str, str], ...] = (
    {}, {"standing": "agreed"}, {"standing": "refused", "reason": "Còn biển hiệu và giấy phép (giả định)"},
)


def work_of_the_year(
    rng: Random, writer: Writer, shape: Shape, teams: list[Team], places: list[Place], today: date
) -> Iterator[bytes]:  # fmt: skip
    """Write all of it for the first province of the sample; a sample of one commune has no unit above to do it."""
    first = date(today.year, 1, 4)
    if not shape.provinces or today <= first + timedelta(days=30):
        return
    province = shape.provinces[0]
    yield _january_plan(writer, province, first + timedelta(days=16))
    team = next(team for team in teams if team.area == province)
    for commune in rng.sample(shape.communes, min(INSPECTED, len(shape.communes))):
        yield _inspection(rng, writer, commune, team, (first, today))
    yield _not_renewed(rng, writer, shape.communes[-1], first)
    for place in rng.sample(places, min(PROPOSED, len(places))):
        yield _proposal(rng, writer, place, (first, today))


def _january_plan(writer: Writer, province: str, on: date) -> bytes:
    epoch, _, code = province.partition(":")
    state = {
        "code": "HD1", "epoch": epoch, "area": code, "year": on.year, "standing": "done", "on": on.isoformat(),
        "paper_number": f"GĐ-07/KH-UBND/{on.year}", "paper_on": on.isoformat(),
        "paper_body": "Ủy ban nhân dân tỉnh (giả định)",
    }  # fmt: skip
    return writer.edit("year_task", task_id("", "HD1", province, on.year), state, on)


def _not_renewed(rng: Random, writer: Writer, commune: str, first: date) -> bytes:
    """A second team of a commune whose decision ended with last year."""
    epoch, _, code = commune.partition(":")
    since, until = date(first.year - 1, 2, 3), date(first.year - 1, 12, 31)
    state: dict[str, Any] = {
        "name": "Tổ kiểm tra số 2 (giả định)", "level": "commune", "epoch": epoch, "area": code,
        "decision": "GĐ-14/QĐ-UBND", "valid_from": since.isoformat(), "valid_to": until.isoformat(),
    }  # fmt: skip
    for seat in range(1, 6):
        state[f"member/{seat}"] = {"name": person(rng), "agency": "Ủy ban nhân dân xã (giả định)"}
    return writer.edit("team", new_id(rng, since), state, since)


def _inspection(rng: Random, writer: Writer, commune: str, team: Team, days: tuple[date, date]) -> bytes:
    epoch, _, code = commune.partition(":")
    on, checklist = some_day(rng, *days), unit_checklist()
    state: dict[str, Any] = {
        "epoch": epoch, "unit": code, "on": on.isoformat(), "team": team.id, "members": rng.randint(3, 6),
        "agencies": ["Sở Y tế", "Công an tỉnh"], "version": checklist.version,
        "number": f"{rng.randint(1, 60):02d}/BB-KTCT (giả định)",
    }  # fmt: skip
    for question in checklist.questions:
        answer = rng.choices(_ANSWERS, _HOW_OFTEN)[0]
        state[f"answer/{question.code}"] = {"answer": answer, "note": ""}
    if any(path.startswith("answer/") and value["answer"] == "fail" for path, value in state.items()):
        state |= {"findings": "Còn nội dung chưa đạt, nêu ở bảng trên (giả định).",
                  "recommendations": "Khắc phục các nội dung không đạt, báo cáo kết quả (giả định).",
                  "mend_by": (on + timedelta(days=30)).isoformat()}  # fmt: skip
        mended = on + timedelta(days=rng.randint(5, 28))
        if mended <= days[1] and happens(rng, 0.5):
            state |= {"mended_on": mended.isoformat(), "mended_how": "Đã bổ sung hồ sơ (giả định)"}
    return writer.edit("unit_inspection", new_id(rng, on), state, on)


def _proposal(rng: Random, writer: Writer, place: Place, days: tuple[date, date]) -> bytes:
    epoch, _, code = place.commune.partition(":")
    on, (asks, text) = some_day(rng, *days), rng.choice(_ASKED)
    state: dict[str, Any] = {"epoch": epoch, "unit": code, "year": on.year, "asks": asks, "text": text,
                             "proposed_on": on.isoformat(), "standing": "proposed"}  # fmt: skip
    if asks != "add":
        state["establishment"] = place.id
    decided = rng.choice(_DECIDED)
    state |= decided | ({"decided_on": min(on + timedelta(days=9), days[1]).isoformat()} if decided else {})
    return writer.edit("list_proposal", new_id(rng, on), state, on)
