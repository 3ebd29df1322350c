"""The form of a plan: what was typed, read into a line of `apply`, and what stands, written into the form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from server.pages.typed_days import day as typed_day
from server.pages.typed_days import month_day, show_month_day
from server.pages.words import day as written_day
from server.plans.listing import Plan
from server.plans.renewing import later_text

PLAIN = {
    "ten": "name", "so": "number", "don-vi": "area", "tu-ngay": "from", "den-ngay": "to", "ca-ky": "period_percent",
    "co-so-ca-ky": "period_cohort", "co-so": "denominator", "ngay-dem": "denominator_on",
}  # fmt: skip
TARGETS = {"nam": "year", "phan-tram": "percent", "han-dat": "due"}
DEADLINES = {"hb-cho": "place", "hb-loai": "report", "hb-han": "due", "hb-cach": "strict", "hb-nam": "year",
             "hb-gui": "sender", "hb-nhan": "receiver", "hb-loi": "words", "hb-ma": "code"}  # fmt: skip
PERIODS = {"ky-cho": "place", "ky-loai": "report", "ky-tu": "first", "ky-chot": "cut_off"}
_SILENT = {"hb-cho", "hb-loai", "hb-cach", "hb-ma", "ky-cho", "ky-loai"}  # that alone make no row
Row = dict[str, str]


@dataclass
class Form:
    """What stands in the form, as it was typed."""

    given: dict[str, str]
    kinds: list[str]
    targets: list[Row]
    deadlines: list[Row]
    periods: list[Row]

    def with_room(self) -> "Form":
        """Return it with empty rows at the end of each table."""
        return Form(self.given, self.kinds, [*self.targets, {}, {}], [*self.deadlines, {}, {}], [*self.periods, {}])


def read(form: MultiDict[str, str]) -> Form:
    """Return what was typed; rows in which nothing was typed are left out."""
    given = {name: form.get(name, "").strip() for name in PLAIN}
    return Form(given, form.getlist("loai-hinh"), *(_rows(form, cells) for cells in (TARGETS, DEADLINES, PERIODS)))


def _rows(form: MultiDict[str, str], cells: dict[str, str]) -> list[Row]:
    columns = [[text.strip() for text in form.getlist(cell)] for cell in cells]
    longest = max(map(len, columns))
    padded = [[*column, *[""] * (longest - len(column))] for column in columns]
    rows = [dict(zip(cells, row, strict=True)) for row in zip(*padded, strict=True)]
    return [row for row in rows if any(text for cell, text in row.items() if cell not in _SILENT)]


def written(one: Plan) -> Form:
    """Return the form of a plan as it stands."""
    given = {
        "ten": one.name, "so": one.number, "don-vi": one.unit, "tu-ngay": written_day(one.since),
        "den-ngay": written_day(one.until), "ca-ky": str(one.period_percent or ""), "co-so-ca-ky": one.period_cohort,
        "co-so": one.denominator, "ngay-dem": show_month_day(one.denominator_on),
    }  # fmt: skip
    targets = [{"nam": str(year), "phan-tram": str(percent), "han-dat": written_day(due)}
               for year, percent, due in one.targets]  # fmt: skip
    deadlines = [
        {"hb-cho": due.place, "hb-loai": due.report, "hb-han": show_month_day(due.due), "hb-nam": str(due.year or ""),
         "hb-cach": "1" if due.strict else "0", "hb-gui": due.sender, "hb-nhan": due.receiver, "hb-loi": due.words,
         "hb-ma": due.code}
        for due in one.deadlines
    ]  # fmt: skip
    periods = [{"ky-cho": period.place, "ky-loai": period.report, "ky-tu": show_month_day(period.first),
                "ky-chot": show_month_day(period.cut_off)} for period in one.periods]  # fmt: skip
    return Form(given, list(one.kinds), targets, deadlines, periods)


def later(filled: Form, year: int) -> Form:
    """Return the form of a copy for *year* and as many years as the plan has: all that names single years moves."""
    first, last = (int(filled.given[name][-4:]) for name in ("tu-ngay", "den-ngay"))
    by = year - first
    days = {name: f"{filled.given[name][:6]}{int(filled.given[name][6:]) + by}" for name in ("tu-ngay", "den-ngay")}
    given = filled.given | days | {"so": "", "ten": later_text(filled.given["ten"], by, (first - 1, last))}
    targets = [{**row, "nam": str(int(row["nam"]) + by), "han-dat": _moved(row["han-dat"], by)}
               for row in filled.targets]  # fmt: skip
    deadlines = [{**row, "hb-nam": str(int(row["hb-nam"]) + by) if row["hb-nam"] else ""} for row in filled.deadlines]
    return Form(given, filled.kinds, targets, deadlines, filled.periods)


def _moved(day: str, by: int) -> str:
    return f"{day[:6]}{int(day[6:]) + by}" if day else ""


def asked(form: Form, today: date) -> dict[str, Any]:
    """Return the fields that a line of `apply` says of what was typed; what cannot be read stays for the schema."""
    said: dict[str, Any] = {key: form.given[name] for name, key in PLAIN.items()}
    said |= {key: typed_day(said[key], today) for key in ("from", "to")}
    said["period_percent"] = _number(said["period_percent"])
    said["denominator_on"] = month_day(said["denominator_on"])
    said["kinds"] = form.kinds
    said["targets"] = [_said(row, TARGETS, today) for row in form.targets]
    said["deadlines"] = [_said(row, DEADLINES, today) for row in form.deadlines]
    said["periods"] = [_said(row, PERIODS, today) for row in form.periods]
    return said


def _number(text: str) -> int | str | None:
    plain = text.removesuffix("%").strip()
    return int(plain) if plain.isdecimal() and len(plain) < 5 else plain or None


def _said(row: Row, cells: dict[str, str], today: date) -> dict[str, Any]:
    reads: dict[str, Callable[[str], Any]] = {
        "nam": _number, "phan-tram": _number, "han-dat": lambda text: typed_day(text, today) or None,
        "hb-han": lambda text: month_day(text) or None, "hb-nam": _number, "hb-cach": lambda text: text != "0",
        "ky-tu": month_day, "ky-chot": month_day,
    }  # fmt: skip
    said = {key: reads.get(cell, str)(row.get(cell, "")) for cell, key in cells.items()}
    return {key: value for key, value in said.items() if key != "due" or value or cells is DEADLINES}
