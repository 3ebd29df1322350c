"""The page of one place, what happens to it from a day on, and who changed what of it."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.assignments import hour_of_end
from schemas.forms import place as form
from schemas.labels import ATTEMPTS, BASIS, FORMS, INSPECTED, LICENCES, STANDINGS, STATUS
from schemas.said import label, words
from schemas.text import sort_key
from schemas.units import UnitTree
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.duplicates.side import named
from server.pages.areas import name as unit_name
from server.pages.lists import lists_of
from server.problems import InvalidInput
from server.register import history
from server.register.flaw_words import FLAWS
from server.register.owner import Owner
from server.register.pages import commune_names
from server.register.place import read
from server.register.reach import my_communes, operator_asked, place_asked
from server.store import reading

bp = Blueprint("place", __name__)
LATEST = 5
STEPS = ("status", "operator", "place", "kinds")
NAMES_OF = {"operator": _l("Chủ cơ sở"), "place": _l("Địa chỉ"), "kind": _l("Loại hình"),
            "status": _l("Tình trạng hoạt động")}  # fmt: skip


@dataclass
class Step:
    """One of the forms on the page of a place, as it was filled in, and what must be put right in it."""

    what: str = ""
    given: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


@bp.get("/co-so/<id>")
@may("register.see")
def page(id: str) -> str:
    """Show the place."""
    return _page(id, Step())


def _page(id: str, step: Step) -> str:
    conn, tree, at = web.db().conn, web.tree(), now()
    state, today = place_asked(id), local_day(now())
    with reading(web.db()):
        place = read(conn, id, state, at, today)
        latest = history.edits(conn, "establishment", id)
    lists = {key: lists_of(conn, tree, key, year=today.year, in_force=key[:3]) for key in place.communes}
    return render_template(
        "place.html", place=place, step=step, none_yet=Step(), latest=in_words(latest[:LATEST], "establishment"),
        edits_in_all=len(latest), lists=lists, today=today, commune_names=commune_names, names_of=NAMES_OF,
        said=lambda line: words("establishment", line.path, _alone(line.value), named(conn, tree)),
        communes=communes(tree), owner=Owner.read(step.given), same=_same(step), ends_at=f"{hour_of_end():02d}:00",
        FLAWS=FLAWS, **WORDS,
    )  # fmt: skip


WORDS: dict[str, Any] = {
    "STATUS": {key.value: _l(said[0]) for key, said in STATUS.items()},
    "FORMS": {key.value: _l(said[0]) for key, said in FORMS.items()},
    "LICENCES": {key.value: _l(said[0]) for key, said in LICENCES.items()},
    "BASIS": {key.value: _l(said[0]) for key, said in BASIS.items()},
    "OUTCOMES": {key.value: _l(said[0]) for key, said in (*INSPECTED.items(), *ATTEMPTS.items())},
    "STANDINGS": {key: _l(said[0]) for key, said in STANDINGS.items()},
}


def _alone(value: Any) -> dict[str, Any]:
    """Return a span without its days: the table has columns for them."""
    return {part: said for part, said in value.items() if part not in ("from", "to")}


def communes(tree: UnitTree) -> list[tuple[str, str]]:
    """Return the present communes of the person's area to choose from."""
    found = [(key, unit_name(tree, key)) for key in my_communes()]
    return sorted(found, key=lambda one: sort_key(one[1]))


def _same(step: Step) -> list[Any]:
    return Owner.read(step.given).same(web.db().conn, my_communes()) if "operator" in step.errors else []


@bp.post("/co-so/<id>/tu-ngay")
@may("register.edit")
def change(id: str) -> tuple[str, int] | Response:
    """Make one change from its day on, as `apply` would; or show its form again with what to put right."""
    place_asked(id)
    what = request.form.get("what", "")
    if what not in STEPS:
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    given = {name: request.form.get(name, "").strip()[:2000] for name in (*_FIELDS, f"{what}.from")}
    step = Step(what, given, request.form.getlist("kinds"))
    today = local_day(now())
    since = form.take(step.errors, f"{what}.from", form.start, given[f"{what}.from"], today)
    asked = _ASKED[what](step)
    if not step.errors:
        _make({"do": _DOES[what], "establishment": id, "from": since, **asked}, step)
    if step.errors:
        return _page(id, step), 422
    flash(_("Đã lưu."), "good")
    return redirect(url_for("place.page", id=id), code=303)


_FIELDS = ("status", "operator", "operator_id", "form", "registration", "unit", "address")
_DOES = {"status": "status", "operator": "operator", "place": "unit", "kinds": "kinds"}


def _make(asked: dict[str, Any], step: Step) -> None:
    """Make the change; a new operator is entered only now, when all else is right."""
    if step.what == "operator":
        owner = Owner.read(step.given)
        asked["operator"] = owner.chosen_id(web.db().conn) or owner.enter(web.db(), g.user["id"], now(), step.errors)
        if step.errors:
            return
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        day = f"{step.what}.from"
        at = {"from": day, "code": "unit", "place": "unit", "operator": day, "status": day, "kind": day}
        step.errors |= {at.get(name, name): said for name, said in answer["problems"].items()}


def _status(step: Step) -> dict[str, Any]:
    if step.given["status"] not in WORDS["STATUS"]:
        step.errors["status"] = _("Chọn tình trạng hoạt động.")
    return {"status": step.given["status"]}


def _operator(step: Step) -> dict[str, Any]:
    owner = Owner.read(step.given)
    missing = {"operator": _("Nhập tên chủ cơ sở mới.")}
    step.errors |= owner.wrong(web.db().conn, my_communes()) if owner.name else missing
    if owner.id and owner.id != "new" and not step.errors:
        operator_asked(owner.id)
    return {}


def _place(step: Step) -> dict[str, Any]:
    epoch, _colon, code = step.given["unit"].partition(":")
    if step.given["unit"] not in dict(communes(web.tree())):
        step.errors["unit"] = _("Chọn xã trong địa bàn.")
    return {"epoch": epoch, "code": code, **({"address": step.given["address"]} if step.given["address"] else {})}


def _kinds(step: Step) -> dict[str, Any]:
    if not step.kinds:
        step.errors["kinds"] = _("Chọn ít nhất một loại hình.")
    return {"kinds": step.kinds}


_ASKED = {"status": _status, "operator": _operator, "place": _place, "kinds": _kinds}


@bp.post("/co-so/<id>/tach-lai")
@may("duplicates.decide")
def unmerge(id: str) -> Response:
    """Take a place out of the record that it was merged into."""
    place_asked(id)
    answer = apply_one(web.db(), {"do": "unmerge", "establishment": id}, author=g.user["id"], at=now())
    done = answer["standing"] == "accepted"
    flash(_("Đã tách lại thành hai cơ sở.") if done else next(iter(answer["problems"].values())),
          "good" if done else "warn")  # fmt: skip
    return redirect(url_for("place.page", id=id), code=303)


@bp.get("/co-so/<id>/thay-doi")
@may("register.see")
def changes(id: str) -> str:
    """Show who changed what of the place and when, all of it or one field."""
    state, path = place_asked(id), request.args.get("muc", "")
    with reading(web.db()) as conn:
        every = history.edits(conn, "establishment", id)
        found = history.edits(conn, "establishment", id, path) if path else every
    paths = dict.fromkeys(one.path.partition("/")[0] for edit in every for one in edit.fields)
    fields = [(key, label("establishment", f"{key}/1" if key in _GROUPS else key)) for key in paths]
    return render_template(
        "place_changes.html", id=id, name=state.get("name"), edits=in_words(found, "establishment", path), path=path,
        fields=fields, **WORDS,
    )  # fmt: skip


_GROUPS = ("place", "kind", "status", "operator", "licence")


def in_words(edits: list[history.Edit], kind: str, only: str = "") -> list[tuple[history.Edit, list[Any]]]:
    """Put the fields of edits into words: (label, before, after, beside)."""
    find = named(web.db().conn, web.tree())
    return [
        (edit, [(label(kind, one.path), words(kind, one.path, one.before, find), words(kind, one.path, one.after, find),
                 one.beside) for one in edit.fields if not only or one.path.partition("/")[0] == only])
        for edit in edits
    ]  # fmt: skip
