"""What is wrong with a figure as it was typed, and what is strange beside that of the last report. Pure."""

from server.plans.listing import Indicator

FACTOR = 2  # times as much, or as little, as in the last report
POINTS = 500  # tenths of a percent point
Problems = dict[str, str]


def problems(
    indicator: Indicator, numerator: int | None, denominator: int | None, text: str, note: str
) -> Problems:  # fmt: skip
    """Return a sentence for each field that does not hold; empty when the figure does."""
    if indicator.measure == "text":
        return {} if text.strip() else {"text": "Ghi kết quả thực hiện chỉ tiêu này."}
    missing = {
        field: "Nhập cả số đạt và tổng số." if indicator.measure != "growth" else "Nhập cả số năm nay và số năm trước."
        for field, value in (("numerator", numerator), ("denominator", denominator)) if value is None
    }  # fmt: skip
    if missing or numerator is None or denominator is None:
        return missing
    if indicator.measure == "growth":
        return {}
    if not denominator:
        return _of_nothing(numerator, note)
    if numerator > denominator:
        return {"numerator": "Số đạt lớn hơn tổng số; xem lại cả hai ô."}
    return {}


def _of_nothing(numerator: int, note: str) -> Problems:
    if numerator:
        return {"denominator": "Tổng số phải lớn hơn 0."}
    if not note.strip():
        return {"note": "Tổng số bằng 0: ghi chú vì sao địa bàn không có."}
    return {}


def jumps(indicator: Indicator, now: tuple[int, int], then: tuple[int, int]) -> bool:
    """Say whether a figure is at least twice or half of the last one, or its share 50 points away: worth a note."""
    if indicator.measure in ("text", "months") or now == then:
        return False
    if indicator.measure == "share" and now[1] and then[1]:
        shares = [1000 * part // whole for part, whole in (now, then)]
        if abs(shares[0] - shares[1]) >= POINTS:
            return True
    counted = indicator.counts not in ("commune", "district")
    return counted and any(_jumps(one, other) for one, other in zip(now, then, strict=True))


def _jumps(now: int, then: int) -> bool:
    low, high = sorted((now, then))
    return high >= FACTOR * low and high - low > FACTOR  # 1 and 2 are no jump
