"""What the forms about an establishment share: days, a point on the map and papers, as they are typed."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas import typed
from schemas.fields import is_day
from schemas.register import LicenceType

PAPERS = tuple(kind.value for kind in LicenceType)
PAPER = ("number", "from", "to")
_POINT = re.compile(r"\(?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[;, ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*\)?")


class Wrong(ValueError):
    """What was typed cannot be read; the text is the sentence to say."""


def day(text: str, today: date) -> str:
    """Read a day as it is typed; YYYY-MM-DD comes out, empty where nothing was typed."""
    said = typed.day(text, today) if text.strip() else ""
    if said and (not is_day(said) or said < "1900-01-01"):
        raise Wrong("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.")
    if said > "2100":
        raise Wrong("Năm không đúng; nhập lại ngày.")
    return said


def start(text: str, today: date) -> str:
    """Read the first day of a change: today where nothing was typed, at most a year ahead."""
    said = day(text, today) or today.isoformat()
    if date.fromisoformat(said).toordinal() > today.toordinal() + 366:
        raise Wrong("Ngày ở sau hôm nay quá xa; xem lại năm.")
    return said


def point(text: str) -> dict[str, float]:
    """Read a point on the map, “19.8075, 105.7764”; nothing where nothing was typed."""
    if not text.strip():
        return {}
    found = _POINT.fullmatch(text.strip())
    if not found:
        raise Wrong("Vị trí bản đồ không đúng; nhập vĩ độ, kinh độ, ví dụ 19.8075, 105.7764.")
    lat, lon = (float(part.replace(",", ".")) for part in found.groups())
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Wrong("Vị trí bản đồ không đúng; vĩ độ ghi trước, kinh độ ghi sau.")
    return {"lat": lat, "lon": lon}


def show_point(place: Mapping[str, Any]) -> str:
    """Show a point as it is typed."""
    if place.get("lat") is None or place.get("lon") is None:
        return ""
    return f"{place['lat']}, {place['lon']}"


def take(errors: dict[str, str], name: str, read: Any, *given: Any) -> Any:
    """Return what *read* makes of *given*; where it cannot, note its sentence at *name* and return nothing."""
    try:
        return read(*given)
    except Wrong as wrong:
        errors[name] = str(wrong)
        return None


def paper(given: Mapping[str, str], name: str, today: date, errors: dict[str, str]) -> dict[str, Any]:
    """Read the number and days of a paper under *name*; nothing where nothing was typed."""
    found: dict[str, Any] = {"number": given.get(f"{name}.number", "").strip()}
    for part in ("from", "to"):
        found[part] = take(errors, f"{name}.{part}", day, given.get(f"{name}.{part}", ""), today)
    if found["from"] and found["to"] and found["to"] < found["from"]:
        errors[f"{name}.to"] = "Ngày hết hạn ở trước ngày cấp; nhập lại."
    return {part: value for part, value in found.items() if value}
