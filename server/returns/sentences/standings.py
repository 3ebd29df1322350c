"""What the indicators of a plan say in the parts of a return."""

from collections.abc import Iterator, Sequence

from server.returns.sentences.said import number, percent
from server.returns.stood import Stood

# Plans number their indicators by the headings of their contents: H1.2 and T1.2 are both of communication.
_OF = {"1": "tuyen-truyen", "3.1": "tin-bao", "3.2": "xu-phat", "3": "kiem-tra"}
_ELSE = "viec-trong-nam"
_YEARLY = "3.3"  # the share inspected in the year, of which the figures speak themselves


def paragraphs_of(standings: Sequence[Stood], part: str, *, but_yearly: bool) -> Iterator[str]:
    """Write a paragraph for each indicator of a part of which something is known."""
    for one in standings:
        if _part_of(one.code) == part and not (but_yearly and one.code[1:] == _YEARLY) and _is_known(one):
            yield _paragraph(one)


def _is_known(one: Stood) -> bool:
    return one.hidden or one.numerator is not None or one.growth_tenths is not None or bool(one.text.strip())


def _part_of(code: str) -> str:
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return _OF.get(digits[:3]) or _OF.get(digits[:1]) or _ELSE


def _paragraph(one: Stood) -> str:
    if one.hidden:
        return f"{one.name}: số nhỏ, không nêu để bảo vệ thông tin cá nhân."
    said = "; ".join(filter(None, [_figure(one), _target(one)]))
    text = one.text.strip()
    if said and text:
        return f"{one.name}: {said}. {text}"
    return f"{one.name}: {text or said + '.'}"


def _figure(one: Stood) -> str:
    if one.growth_tenths is not None:
        if not one.growth_tenths:
            return "bằng năm trước"
        way = "tăng" if one.growth_tenths > 0 else "giảm"
        return f"{way} {percent(abs(one.growth_tenths))} so với năm trước"
    if one.numerator is None:
        return ""
    if not one.denominator:  # nothing to divide by: a share of nothing is none
        return number(one.numerator) if one.numerator or one.denominator is None else "không phát sinh"
    share = f" ({percent(one.share_tenths)})" if one.share_tenths is not None else ""
    return f"{number(one.numerator)}/{number(one.denominator)}{share}"


def _target(one: Stood) -> str:
    if not one.target or one.met is None:
        return ""
    return f"chỉ tiêu {one.target}: {'đạt' if one.met else 'chưa đạt'}"
