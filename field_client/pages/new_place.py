"""Entering an establishment that the register lacks: it can be inspected at once."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import alike, clock, places, records, web
from field_client.alike import Alike
from field_client.pages.access import ENROLLED, knock
from field_client.pages.owner import Owner
from schemas.forms import place as place_form
from schemas.likeness import REASONS
from schemas.register import State, check_edit
from sync.merge import difference

bp = Blueprint("new_place", __name__)
FIELD_OF = {"place": "address", "kind": "kinds"}
TEXTS = ("name", "code", "unit", "address", "phone", "status", "point", "opened_on", "operator", "operator_id", "form",
         "registration", *(f"{kind}.{part}" for kind in place_form.PAPERS for part in place_form.PAPER))  # fmt: skip


@dataclass
class Given:
    """The form as it was filled in."""

    texts: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @classmethod
    def read(cls, form: Any) -> "Given":
        """Read what a browser sent."""
        return cls({name: form.get(name, "").strip()[:5000] for name in TEXTS}, form.getlist("kinds"))


@bp.get("/co-so/moi")
@knock(ENROLLED)
def page() -> str:
    """Show the form, with the words that were searched for as its name."""
    return _page(Given({"name": request.args.get("ten", "")[:200], "status": "open"}), {})


@bp.get("/co-so/moi/trung")
@knock(ENROLLED)
def twins() -> str:
    """Answer the places that may be the one that is being typed, for the form that asks as one types."""
    given = Given.read(request.args)
    found = alike.alike(web.db(), {**given.texts, "kinds": given.kinds}) if len(given["name"]) > 2 else []
    return render_template("place_alike.html", alike=found, REASONS=REASONS)


@bp.post("/co-so/moi")
@knock(ENROLLED)
def add() -> tuple[str, int] | Response:
    """Enter the place and open it, or show the form again with what to put right."""
    given, at = Given.read(request.form), clock.now()
    fields, errors = _understood(given, clock.local_day(clock.best(web.db().conn, at)))
    if errors:
        return _page(given, errors), 422
    found = [] if request.form.get("new") else alike.alike(web.db(), {**given.texts, "kinds": given.kinds})
    if found:
        return _page(given, {}, found), 422
    try:
        made = _enter(given, fields, at)
    except records.NotValid as wrong:
        return _page(given, wrong.problems), 422
    web.soon()
    flash(_("Đã thêm cơ sở; ghi cuộc kiểm tra được ngay."), "good")
    return redirect(url_for("place.page", id=made), code=303)


def _page(given: Given, errors: dict[str, str], found: list[Alike] | None = None) -> str:
    db = web.db()
    owner = Owner.read(given.texts)
    return render_template(
        "place_new.html", here="places", given=given, errors=errors, alike=found or [], communes=places.communes(db),
        REASONS=REASONS, PAPERS=place_form.PAPERS, same=owner.same(db) if errors.get("operator") else [],
        chosen=owner.chosen(db),
    )  # fmt: skip


def _understood(given: Given, today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the form says, and what must be put right by field: all is checked before anything is made."""
    errors: dict[str, str] = {}
    fields: dict[str, Any] = {name: given[name] for name in ("name", "code", "unit", "address", "phone", "status")}
    fields |= place_form.take(errors, "point", place_form.point, given["point"]) or {}
    fields["from"] = place_form.take(errors, "opened_on", place_form.day, given["opened_on"], today)
    if fields["from"] and fields["from"] > today.isoformat():
        errors["opened_on"] = _("Ngày bắt đầu hoạt động ở sau hôm nay; nhập lại.")
    papers = [(kind, place_form.paper(given.texts, kind, today, errors)) for kind in place_form.PAPERS]
    fields["papers"] = [{"type": kind, **said} for kind, said in papers if said]
    return fields, _wrong(given, fields["papers"]) | errors


def _wrong(given: Given, papers: list[State]) -> dict[str, str]:
    found = Owner.read(given.texts).wrong(web.db()) | _check(_state(given, papers))
    if not given["name"]:
        found["name"] = _("Nhập tên cơ sở.")
    if not given.kinds:
        found["kinds"] = _("Chọn ít nhất một loại hình.")
    if given["unit"] not in {unit.key for unit in places.communes(web.db())}:
        found["unit"] = _("Chọn xã trong địa bàn.")
    return found


def _check(state: State) -> dict[str, str]:
    found = check_edit("establishment", difference({}, {path: value for path, value in state.items() if value}))
    return {_field_of(path): said for path, said in found.items()}


def _field_of(path: str) -> str:
    group, _, key = path.partition("/")
    return f"{key}.number" if group == "licence" else FIELD_OF.get(group, group)


def _state(given: Given, papers: list[State]) -> State:
    """Return the place as the schema checks it; the commune and the day are for the store to fill in."""
    day = {"from": "2020-01-01"}
    kinds = {f"kind/{at}": {**day, "kind": kind} for at, kind in enumerate(given.kinds)}
    place = {**day, "epoch": "new", "unit": "0", "address": given["address"]}
    numbers = {f"licence/{paper['type']}": {"type": paper["type"], "number": paper.get("number", "")}
               for paper in papers}  # fmt: skip
    return {"name": given["name"], "phone": given["phone"], "code": given["code"], "place/0": place, **kinds,
            "status/0": {**day, "status": given["status"] or "open"}, **numbers}  # fmt: skip


def _enter(given: Given, fields: dict[str, Any], at: datetime) -> str:
    operator = Owner.read(given.texts).keep(web.db(), at)
    made = records.new_establishment(web.db(), {**fields, "kinds": given.kinds, "operator": operator}, at=at)
    return made.id
