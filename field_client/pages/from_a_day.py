"""What happens to an establishment from a day on: paused, closed, open again, handed over, moved, other kinds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from field_client import changes, clock, places, records, web
from field_client.pages.access import ENROLLED, knock
from field_client.pages.owner import Owner
from field_client.pages.place import shown
from schemas.forms import place as place_form
from schemas.register import Kind, Status

bp = Blueprint("from_a_day", __name__)
Form = MultiDict[str, str]
Errors = dict[str, str]
FIELDS = ("status", "operator", "operator_id", "form", "registration", "unit", "address", "point")


@dataclass
class Step:
    """One of the forms on the page of a place, as it was filled in, and what must be put right in it."""

    what: str = ""
    given: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)


@bp.post("/co-so/<id>/tu-ngay")
@knock(ENROLLED)
def change(id: str) -> tuple[str, int] | Response:
    """Keep one change from its day on, and show the place; or show its form again with what to put right."""
    db, at = web.db(), clock.now()
    place, form = places.find_establishment(db, id), request.form
    what = form.get("what", "")
    day = f"{what}.from"
    step = Step(what, {name: form.get(name, "").strip()[:5000] for name in (*FIELDS, day)}, form.getlist("kinds"))
    read = _STEPS.get(what, _unknown)
    since = place_form.take(step.errors, day, place_form.start, step.given[day], _today(db, at))
    said = read(db, form, step.errors)
    kept = None if step.errors else _keep(db, place, {**said, "from": since}, step, at)
    if step.errors:
        return shown(place, step), 422
    if kept:
        web.soon()
        flash(_("Đã lưu; chờ gửi."), "good")
    else:
        flash(_("Không có gì thay đổi."))
    return redirect(url_for("place.page", id=place.id), code=303)


def _today(db: Database, at: datetime) -> date:
    return clock.local_day(clock.best(db.conn, at))


def _keep(
    db: Database, place: places.Thing, said: dict[str, Any], step: Step, at: datetime
) -> records.Kept | None:
    """Keep the change; the operator is entered only now, when all else is right."""
    try:
        if step.what == "operator":
            said["operator"] = Owner.read(step.given).keep(db, at)
        wanted = changes.changes(place.state, said, _today(db, at))
        return records.edit(db, "establishment", place.id, wanted, at=at)
    except records.NotValid as wrong:
        day = f"{step.what}.from"
        step.errors |= {_FIELD_OF.get(path.partition("/")[0], day): said for path, said in wrong.problems.items()}
        return None


_FIELD_OF = {"address": "address", "unit": "unit", "lat": "point", "lon": "point"}


def _status(db: Database, form: Form, errors: Errors) -> dict[str, Any]:
    said = form.get("status", "")
    if said not in set(Status):
        errors["status"] = str(_("Chọn tình trạng hoạt động."))
    return {"status": said}


def _operator(db: Database, form: Form, errors: Errors) -> dict[str, Any]:
    owner = Owner.read(form)
    if not owner.name:
        errors["operator"] = str(_("Nhập tên chủ cơ sở mới."))
    errors |= owner.wrong(db)
    return {}


def _place(db: Database, form: Form, errors: Errors) -> dict[str, Any]:
    unit = form.get("unit", "")
    if unit not in {one.key for one in places.communes(db)}:
        errors["unit"] = str(_("Chọn xã trong địa bàn."))
    point = place_form.take(errors, "point", place_form.point, form.get("point", "")) or {}
    return {"unit": unit, "address": form.get("address", "").strip(), **point}


def _kinds(db: Database, form: Form, errors: Errors) -> dict[str, Any]:
    said = [kind for kind in form.getlist("kinds") if kind in set(Kind)]
    if not said:
        errors["kinds"] = str(_("Chọn ít nhất một loại hình."))
    return {"kinds": " ".join(said)}


def _unknown(db: Database, form: Form, errors: Errors) -> dict[str, Any]:
    raise NotFound


_STEPS: dict[str, Callable[[Database, Form, Errors], dict[str, Any]]] = {
    "status": _status,
    "operator": _operator,
    "place": _place,
    "kinds": _kinds,
}
