"""What a paper says of a place, of who runs it and of the team: the register as this laptop sees it."""

from datetime import date
from typing import Any

from sqlite_utils import Database

from field_client import places
from field_client.places import NotKnown, Thing
from schemas import labels
from schemas.paper_words import clean, day, in_a_sentence, known, place_name
from schemas.register import Form, Kind, LicenceType

Row = dict[str, str]


def of_place(db: Database, place: Thing | None, on: date | str) -> Row:
    """Return the values of a place as of a day; none where this laptop does not know it."""
    if place is None:
        return {}
    unit = places.unit_name(db, place.unit) if place.unit else ""
    kinds = [labels.KINDS[Kind(kind)][0] for kind in place.kinds(on) if kind in set(Kind)]
    return known({
        "tên cơ sở": clean(place.name),
        "mã cơ sở": clean(place["code"]),
        "loại hình": in_a_sentence(", ".join(kinds)),
        "địa chỉ": ", ".join(filter(None, [clean(place.place.get("address")), *_above(db, place.unit)])),
        "địa danh": place_name(clean(unit)),
        "điện thoại": clean(place["phone"]),
        **_of_operator(_found(db, "operator", place.operator or "")),
    })  # fmt: skip


def _above(db: Database, key: str) -> list[str]:
    """Name the unit and those above it, the smallest first."""
    tree, found = places.units(db), []
    while (unit := tree.get(key)) is not None:
        found.append(in_a_sentence(clean(unit.name)))
        key = unit.parent_key
    return found


def _of_operator(operator: Thing | None) -> Row:
    if operator is None:
        return {}
    form = operator["form"]
    return {
        "chủ cơ sở": clean(operator.name),
        "hình thức chủ": in_a_sentence(labels.FORMS[Form(form)][0]) if form in set(Form) else "",
        "số đăng ký": clean(operator["registration"]),
    }


def licences(place: Thing | None) -> list[Row]:
    """Return the rows of the licences that a place holds."""
    return [
        known({
            "loại giấy": labels.LICENCES[LicenceType(one["type"])][0] if one.get("type") in set(LicenceType) else "",
            "số giấy": clean(one.get("number")),
            "ngày cấp": day(one.get("from")),
            "ngày hết hạn": day(one.get("to")),
        })
        for one in (place.spans("licence") if place else ())
    ]  # fmt: skip


def of_team(db: Database, id: str) -> Row:
    """Return the values of a team: what it is called, who set it up and by which decision."""
    team = _found(db, "team", id)
    if team is None:
        return {}
    unit = places.units(db).get(f"{team['epoch']}:{team['area']}")
    return known({
        "đội": clean(team.name),
        "quyết định thành lập": clean(team["decision"]),
        "cơ quan ban hành": f"Ủy ban nhân dân {in_a_sentence(clean(unit.name))}" if unit else "",
        "đơn vị": in_a_sentence(clean(unit.name)) if unit else "",
    })  # fmt: skip


def member_rows(members: Any) -> list[Row]:
    """Return the rows of the members present; what has no name is left out."""
    names = (("họ tên", "name"), ("chức vụ", "role"), ("cơ quan", "agency"), ("số thẻ", "card"))
    found = [
        known({blank: clean(one.get(field)) for blank, field in names})
        for one in (members if isinstance(members, list) else ())
        if isinstance(one, dict)
    ]
    return [row for row in found if "họ tên" in row]


def find_place(db: Database, id: Any) -> Thing | None:
    """Return the establishment, None where this laptop does not know it."""
    return _found(db, "establishment", str(id or ""))


def _found(db: Database, kind: str, id: str) -> Thing | None:
    try:
        return places.find(db, kind, id) if id else None
    except NotKnown:
        return None
