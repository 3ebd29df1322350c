"""The plans of a sample: the two that the project knows, whole and as they were issued, and this year's, invented."""

from collections.abc import Iterator
from datetime import date
from random import Random

from schemas.register import Kind, State
from server.plans import renewing
from server.plans.issuing import as_issued, known
from server.sample.chance import new_id
from server.sample.shape import THANH_HOA, Shape, tree
from server.sample.writer import Writer

_MADE = date(2021, 1, 4)
_WHY = "Từ ngày 01/7/2025 không còn cấp huyện; các cơ quan đã sắp xếp lại (giả định)"
_INVENTED = "Kế hoạch giả định của số liệu dùng thử: chép từ kế hoạch năm 2023, dời năm, thay đơn vị tính là huyện."


def plan_lines(
    rng: Random, writer: Writer, shape: Shape, today: date, made: list[tuple[str, State]]
) -> Iterator[bytes]:  # fmt: skip
    """Write the plans, and note them in *made*; that of Thanh Hóa for this year is copied from 2023's.

    Its districts are replaced.
    """
    of_thanh_hoa = ""
    if tree().ancestors(shape.communes[0])[-1:] == (THANH_HOA,):
        for state in (_issued("trieu-son-2021-2025"), _issued("thanh-hoa-2023")):
            of_thanh_hoa = new_id(rng, _MADE)
            made.append((of_thanh_hoa, state))
            yield writer.edit("plan", of_thanh_hoa, state, _MADE)
    for province in shape.provinces or (THANH_HOA,):
        state = _copied(of_thanh_hoa, today.year) if province == THANH_HOA else _invented(province, today.year)
        made.append((new_id(rng, _MADE), state))
        yield writer.edit("plan", made[-1][0], state, _MADE)


def _issued(id: str) -> State:
    one = known(id)
    assert one is not None, "it comes with the program"
    return as_issued(one)


def _copied(renews: str, year: int) -> State:
    """Return this year's plan of the province, as a coordinator makes it of the last one."""
    before = _issued("thanh-hoa-2023")
    moved = renewing.moved(before, year - 2023)
    names = {body.was: body.now for body, _ in renewing.gone_bodies(moved)}
    state = renewing.replaced(moved, renewing.GONE_COUNTS, names, _WHY)
    return state | {
        "name": f"{state['name']} (giả định)", "epoch": "new", "area": "38", "from": f"{year}-01-01",
        "to": f"{year}-12-31", **({"renews": renews} if renews else {}), "invented": True, "settled": _INVENTED,
    }  # fmt: skip


def _invented(province: str, year: int) -> State:
    unit = tree().get(province)
    assert unit is not None, "areas come from the same tree"
    return {
        "name": f"Kế hoạch kiểm tra năm {year} của {unit.name} (giả định)",
        "epoch": "new", "area": unit.code, "from": f"{year}-01-01", "to": f"{year}-12-31",
        "kinds": [kind.value for kind in Kind], "targets": [{"year": year, "percent": 25}], "invented": True,
    }  # fmt: skip
