"""Papers taken along for nights without a printer: what is known is filled in, the rest is left for a pen."""

from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from field_client import places, rounds
from field_client.places import Thing
from field_client.printing import place_facts as register
from field_client.printing import templates, visit_facts
from field_client.printing.fill import Facts, fill
from field_client.printing.render import Sheet, finished
from field_client.store import get_meta
from schemas.checklists import items_for
from schemas.papers import PURPOSES

BLANKS = ("minutes", "checklist", "working_minutes", "hand_over")
USUAL = ("minutes", "checklist")
PERSONS = frozenset({"đại diện cơ sở", "chức vụ đại diện", "chủ cơ sở", "hình thức chủ", "số đăng ký", "điện thoại"})
WITHOUT_PERSONS = frozenset({"working_minutes", "hand_over"})  # of those, the persons' parts are written by hand


def of_places(db: Database, ids: Sequence[str], purposes: Sequence[str], on: date) -> list[Sheet]:
    """Return the blank papers of several places, place by place, or raise NotKnown."""
    return [
        _sheet(db, place, purpose, on)
        for place in (places.find_establishment(db, id) for id in ids)
        for purpose in purposes
        if purpose in BLANKS
    ]


def _sheet(db: Database, place: Thing, purpose: str, on: date) -> Sheet:
    facts = _facts(db, place, on)
    if purpose in WITHOUT_PERSONS:
        kept = {name: value for name, value in facts.values.items() if name not in PERSONS}
        facts = Facts(kept, facts.rows, (), by_hand=True)
    said = f"{facts.values.get('mã cơ sở', '')} {place.name}".strip()
    filled = fill(templates.chosen(db, purpose).paper, facts)
    return finished(filled, name=PURPOSES[purpose][0], foot=f"{PURPOSES[purpose][0]} · {said}")


def _facts(db: Database, place: Thing, on: date) -> Facts:
    """Return the place's facts and tonight's outing: decision and members, where one is going on."""
    outing = rounds.current(db)
    values = {
        **register.of_place(db, place, on),
        **register.of_team(db, outing.team if outing else get_meta(db.conn, "team")),
    }
    if outing and outing.decision:
        values["quyết định kiểm tra"] = visit_facts.number_only(outing.decision)
    rows = {
        "thành viên": register.member_rows(outing.rows() if outing else []),
        "giấy phép": register.licences(place),
    }
    items = items_for(place.kinds(on), on)
    return Facts(values, rows, visit_facts.blank_rows(items), by_hand=True)
