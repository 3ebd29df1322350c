"""Entering an establishment that the register lacks: it can be inspected at once."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, places, records, web
from field_client.alike import Alike, alike
from field_client.pages.access import ENROLLED, knock
from schemas.likeness import REASONS
from schemas.register import State, check_edit
from sync.merge import difference

bp = Blueprint("new_place", __name__)
FIELD_OF = {"place": "address", "kind": "kinds"}
TEXTS = ("name", "unit", "address", "phone", "status", "operator", "form")


@dataclass
class Given:
    """The form as it was filled in."""

    texts: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")


@bp.get("/co-so/moi")
@knock(ENROLLED)
def page() -> str:
    """Show the form, with the words that were searched for as its name."""
    return _page(Given({"name": request.args.get("ten", "")[:200], "status": "open"}), {})


@bp.post("/co-so/moi")
@knock(ENROLLED)
def add() -> tuple[str, int] | Response:
    """Enter the place and open it, or show the form again with what to put right."""
    texts = {name: request.form.get(name, "").strip() for name in TEXTS}
    given = Given(texts, request.form.getlist("kinds"))
    errors = _wrong(given)
    if errors:
        return _page(given, errors), 422
    twins = [] if request.form.get("new") else _alike(given)
    if twins:
        return _page(given, {}, twins), 422
    try:
        made = _enter(given)
    except records.NotValid as wrong:
        return _page(given, wrong.problems), 422
    web.soon()
    flash(_("Đã thêm cơ sở; ghi cuộc kiểm tra được ngay."), "good")
    return redirect(url_for("place.page", id=made), code=303)


def _page(given: Given, errors: dict[str, str], twins: list[Alike] | None = None) -> str:
    communes = places.communes(web.db())
    return render_template(
        "place_new.html", here="places", given=given, errors=errors, alike=twins or [], communes=communes,
        REASONS=REASONS,
    )  # fmt: skip


def _wrong(given: Given) -> dict[str, str]:
    """Return what must be put right, by field: both records are checked before either is made."""
    operator = {"name": given["operator"], "form": given["form"]} if given["operator"] else {}
    found = _check("operator", operator, {"name": "operator"}) | _check("establishment", _state(given), FIELD_OF)
    if not given["name"]:
        found["name"] = _("Nhập tên cơ sở.")
    if not given.kinds:
        found["kinds"] = _("Chọn ít nhất một loại hình.")
    if given["unit"] not in {unit.key for unit in places.communes(web.db())}:
        found["unit"] = _("Chọn xã trong địa bàn.")
    if given["operator"] and not given["form"]:
        found["form"] = _("Chọn hình thức của chủ cơ sở.")
    return found


def _check(kind: str, state: State, field_of: dict[str, str]) -> dict[str, str]:
    found = check_edit(kind, difference({}, {path: value for path, value in state.items() if value}))
    return {field_of.get(group := path.partition("/")[0], group): said for path, said in found.items()}


def _state(given: Given) -> State:
    """Return the place as the schema checks it; the commune and the day are for the store to fill in."""
    day = {"from": "2020-01-01"}
    kinds = {f"kind/{at}": {**day, "kind": kind} for at, kind in enumerate(given.kinds)}
    place = {**day, "epoch": "new", "unit": "0", "address": given["address"]}
    return {"name": given["name"], "phone": given["phone"], "place/0": place, **kinds,
            "status/0": {**day, "status": given["status"] or "open"}}  # fmt: skip


def _alike(given: Given) -> list[Alike]:
    """Return places that may be this one; a second click finds the place that the first one made."""
    return alike(web.db(), {**given.texts, "kinds": given.kinds})


def _enter(given: Given) -> str:
    at, operator = clock.now(), None
    if given["operator"]:
        operator = records.new_operator(web.db(), {"name": given["operator"], "form": given["form"]}, at=at).id
    fields = {name: given[name] for name in ("name", "unit", "address", "phone", "status")}
    return records.new_establishment(web.db(), {**fields, "kinds": given.kinds, "operator": operator}, at=at).id
