"""Versions of catalogue rows and of act groups, made by the role legal and laid over what came with the program.

Each version is a thing of its own that nobody changes: the newest of a row, and of a group, is used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from marshmallow import fields, validate

from schemas.fields import Count, Day, Record, Text, Truth
from schemas.violations import Catalogue, CatalogueRow

MARKS = ("V", "V-2nd", "GK", "INF", "UNKNOWN")
HOUSEHOLD_AS = ("", "individual", "enterprise")
MOST = 1_000_000_000_000
NAMED = validate.Length(min=1, error="Nhập mục này.")


def _dong(vi: str, en: str) -> Count:
    return Count(allow_none=True, most=MOST, label=(vi, en))


class ActFields(Record):
    """One version of one row of the catalogue; *row* is the key of the row, which stays from version to version."""

    row = Text(limit=60, validate=NAMED, label=("Dòng danh mục", "Row"))
    code = Text(
        limit=40,
        validate=validate.Regexp(r"[A-Z0-9][A-Za-z0-9.,đ-]{2,39}\Z", error="Mã gồm chữ, số, dấu chấm và gạch nối."),
        label=("Mã hành vi", "Code"),
    )
    alias = Text(limit=40, label=("Số điều khoản", "Article number"))
    kinds = fields.List(Text(limit=40), metadata={"vi": "Loại hình", "en": "Kinds"})
    name_vi = Text(limit=600, validate=NAMED, label=("Hành vi", "Act"))
    name_en = Text(limit=600, label=("Hành vi (tiếng Anh)", "Act in English"))
    ind_min = _dong("Cá nhân: mức thấp nhất", "Person: lowest")
    ind_max = _dong("Cá nhân: mức cao nhất", "Person: highest")
    org_min = _dong("Tổ chức: mức thấp nhất", "Organisation: lowest")
    org_max = _dong("Tổ chức: mức cao nhất", "Organisation: highest")
    warning_possible = Truth(label=("Có thể phạt cảnh cáo", "A warning is possible"))
    additional = Text(limit=600, label=("Hình thức bổ sung, khắc phục hậu quả", "Additional sanctions"))
    effective_from = Day(label=("Có hiệu lực từ ngày", "In force from"))
    effective_from_certain = Truth(label=("Ngày hiệu lực đã chắc chắn", "That day is certain"))
    effective_to = Day(allow_none=True, label=("Hết hiệu lực sau ngày", "In force to"))
    citation = Text(limit=200, validate=NAMED, label=("Điều khoản", "Citation"))
    mark = Text(validate=validate.OneOf(MARKS, error="Chọn dấu nguồn."), label=("Dấu nguồn", "Source mark"))
    household_as = Text(
        validate=validate.OneOf(HOUSEHOLD_AS, error="Chọn mức phạt cho hộ kinh doanh."),
        label=("Hộ kinh doanh phạt như", "A household is fined as"),
    )
    confirmed_by = Text(limit=200, label=("Người xác nhận", "Confirmed by"))
    confirmed_on = Day(allow_none=True, label=("Ngày xác nhận", "Confirmed on"))
    source = Text(limit=600, label=("Văn bản đã đọc", "Text that was read"))


class ActGroupFields(Record):
    """One version of an act group: the codes that are the same act in law, under whichever decree."""

    group = Text(limit=60, validate=NAMED, label=("Nhóm hành vi", "Act group"))
    name = Text(limit=300, label=("Tên nhóm", "Name of the group"))
    codes = fields.List(Text(limit=40), metadata={"vi": "Mã hành vi trong nhóm", "en": "Codes in the group"})
    confirmed_by = Text(limit=200, label=("Người xác nhận", "Confirmed by"))
    confirmed_on = Day(allow_none=True, label=("Ngày xác nhận", "Confirmed on"))
    note = Text(limit=1000, label=("Căn cứ", "Grounds"))


def laid_over(base: Catalogue, acts: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]) -> Catalogue:
    """Return *base* with versions laid over it, the earliest first.

    A version of a group takes out of it every code that it does not name, and takes those
    it names out of any other: a code is in one group.
    """
    rows = {row.key: row for row in base.rows}
    for said in acts:
        rows[str(said["row"])] = _row(said, rows.get(str(said["row"])))
    every = tuple(rows.values())
    shipped = {row.code: row.act_group for row in every if row.act_group}
    decided: dict[str, str] = {}
    confirmed: dict[str, bool] = {}
    for said in groups:
        group, codes = str(said["group"]), set(said.get("codes") or ())
        for code in members(shipped | decided, group) - codes:
            decided[code] = ""
        decided |= dict.fromkeys(sorted(codes), group)
        confirmed[group] = bool(said.get("confirmed_by"))
    # A group that was taken up again stands or falls with its latest version, whatever its shipped rows say.
    if confirmed:
        every = tuple(
            replace(row, act_group_confirmed=confirmed[group])
            if (group := decided.get(row.code, row.act_group)) in confirmed
            else row
            for row in every
        )
    return Catalogue(every, decided, frozenset(group for group, sure in confirmed.items() if sure))


def members(groups: Mapping[str, str], group: str) -> set[str]:
    """Return the codes that *groups* puts into *group*."""
    return {code for code, its in groups.items() if its == group}


def _row(said: Mapping[str, Any], before: CatalogueRow | None) -> CatalogueRow:
    return CatalogueRow(
        code=said["code"], alias=said.get("alias") or "", subject="operator",
        kinds=tuple(said.get("kinds") or ("*",)),
        act_group=before.act_group if before else "",
        act_group_confirmed=before.act_group_confirmed if before else False,
        name_vi=said["name_vi"], name_en=said.get("name_en") or "",
        ind_min=said.get("ind_min"), ind_max=said.get("ind_max"),
        org_min=said.get("org_min"), org_max=said.get("org_max"),
        warning_possible=bool(said.get("warning_possible")), additional=said.get("additional") or "",
        effective_from=_day(said.get("effective_from")),
        effective_from_certain=bool(said.get("effective_from_certain")),
        effective_to=_day(said.get("effective_to")),
        citation=said.get("citation") or "", mark=said.get("mark") or "UNKNOWN",
        household_as=said.get("household_as") or "", confirmed_by=said.get("confirmed_by") or "",
        source=said.get("source") or "", key=said["row"], confirmed_on=_day(said.get("confirmed_on")),
    )  # fmt: skip


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
