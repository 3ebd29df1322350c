"""Every door of the server: who may knock, and how far their area reaches. A new route without a rule fails here.

The walk goes over the URL map × roles × areas (own, inside, elsewhere, above; both maps), over nobody and laptops
too, over pages and forms. A new route needs its line in RULES; one that shows ONE thing needs its line in THINGS.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from schemas.items import name_of, read
from schemas.minutes_code import short_of
from server.access import DEVICE, EVERYBODY, SIGNED_IN, credential_hash
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.changes import apply_one
from server.office import state_of
from server.rights import OF_THE_WHOLE, RIGHTS, ROLES
from server.settings import Settings
from tests.server.pages.conftest import Office

COMMUNE, ELSEWHERE, DISTRICT, OLD_PROVINCE, PROVINCE = "new:15664", "new:15682", "old:397", "old:38", "new:38"
INTO_COMMUNE, OTHER_DISTRICT, FAR, FAR_COMMUNE = "old:15700", "old:395", "new:19", "new:01849"

# What whoever has an area may ask about: units in it; and what not: units elsewhere and above.
WITHIN = {
    COMMUNE: (COMMUNE, INTO_COMMUNE),  # of the map that ended: went into the commune, whole
    DISTRICT: (DISTRICT, COMMUNE, INTO_COMMUNE),
    PROVINCE: (PROVINCE, COMMUNE, DISTRICT, OLD_PROVINCE),
}
BEYOND = {
    COMMUNE: (ELSEWHERE, DISTRICT, OLD_PROVINCE, PROVINCE, FAR),
    DISTRICT: (OTHER_DISTRICT, OLD_PROVINCE, PROVINCE, FAR),
    PROVINCE: (FAR,),
}

# Who: an act of server/rights.py, or a mark.
# What a route shows: figures of an AREA (don-vi=…), its OWN area whatever is asked, ONE thing that THINGS can make,
# a THING that its own tests make (the walk asks for one that is not there), or NOTHING that belongs to an area.
# PURPOSE: the same as ONE, or the own area's, but only after a purpose was given on its page; none is here.
AREA, OWN, THING, ONE, NOTHING = "an area", "the own area", "a thing", "one thing", "nothing"
PURPOSE = "behind a purpose"
RULES = {
    "home.home": ("home.see", OWN),
    "coverage.page": ("coverage.see", AREA),
    "coverage.file": ("coverage.see", AREA),
    "api.coverage_figures": ("coverage.see", AREA),
    "api.coverage_list": ("coverage.see", AREA),
    "api.return_figures": ("returns.see", AREA),
    "api.openapi": (EVERYBODY, NOTHING),
    "api.problems": (EVERYBODY, NOTHING),
    "api.access_tokens": (SIGNED_IN, NOTHING),
    "api.log": ("lookups.see", AREA),
    "audit.page": ("lookups.see", AREA),
    "audit.file": ("lookups.see", AREA),
    "api.today": ("home.see", OWN),
    "api.laptops_of_area": ("laptops.keep", AREA),
    "api.possible_duplicates": ("duplicates.decide", AREA),
    "api.waiting_of_area": ("arrivals.decide", AREA),
    "api.one_waiting": ("arrivals.decide", THING),
    "api.jobs": ("jobs.see", NOTHING),
    "api.job_runs": ("jobs.see", NOTHING),
    "api.retention": ("jobs.see", NOTHING),
    "api.due_things": ("duties.see", AREA),
    "jobs.page": ("jobs.see", NOTHING),
    "jobs.file": ("jobs.see", NOTHING),
    "jobs.run_now": ("jobs.see", THING),
    "retention.page": ("jobs.see", NOTHING),
    "retention.set_hold": ("jobs.see", NOTHING),
    "retention.end_hold": ("jobs.see", THING),
    "reminders.page": ("duties.see", AREA),
    "reminders.file": ("duties.see", AREA),
    "due.page": ("deadlines.see", AREA),
    "due.file": ("deadlines.see", AREA),
    "due.one": ("deadlines.see", THING),
    "due.one_file": ("deadlines.see", THING),
    "due.letter": ("returns.make", THING),
    "due_feed.page": ("deadlines.see", NOTHING),
    "due_feed.make": ("deadlines.see", NOTHING),
    "due_feed.end": ("deadlines.see", THING),
    "due_feed.feed": (EVERYBODY, NOTHING),
    "api.deadlines": ("deadlines.see", AREA),
    "tokens.page": (SIGNED_IN, NOTHING),
    "tokens.make": (SIGNED_IN, NOTHING),
    "tokens.revoke": (SIGNED_IN, THING),
    "register.page": ("register.see", AREA),
    "register.file": ("register.see", AREA),
    "api.establishments": ("register.see", AREA),
    "api.establishment": ("register.see", ONE),
    "api.establishment_changes": ("register.see", ONE),
    "api.register_quality": ("register.see", AREA),
    "api.register_quality_lines": ("register.see", AREA),
    "api.confirmed_lists": ("register.see", AREA),
    "api.undecided_places": ("register.edit", OWN),
    "api.imports": ("register.import", OWN),
    "imports.page": ("register.import", OWN),
    "imports.upload": ("register.import", OWN),
    "imports.one": ("register.import", THING),
    "imports.act": ("register.import", THING),
    "imports.file": ("register.import", THING),
    "confirming.page": ("register.see", AREA),
    "confirming.file": ("register.see", AREA),
    "confirming.confirm": ("register.confirm", AREA),
    "quality.page": ("register.see", AREA),
    "quality.file": ("register.see", AREA),
    "split.page": ("register.edit", OWN),
    "split.decide": ("register.edit", OWN),
    "new_place.page": ("register.edit", OWN),
    "new_place.add": ("register.edit", OWN),
    "under.page": ("coverage.see", AREA),
    "under.file": ("coverage.see", AREA),
    "place.page": ("register.see", ONE),
    "place.change": ("register.edit", ONE),
    "place.changes": ("register.see", ONE),
    "place.unmerge": ("duplicates.decide", ONE),
    "edit_place.page": ("register.edit", ONE),
    "edit_place.save": ("register.edit", ONE),
    "operator_edit.page": ("register.edit", ONE),
    "operator_edit.save": ("register.edit", ONE),
    "operator_edit.unmerge": ("duplicates.decide", ONE),
    "duplicates.page": ("duplicates.decide", AREA),
    "duplicates.decide": ("duplicates.decide", OWN),
    "assignments.page": ("assignments.see", OWN),
    "assignments.file": ("assignments.see", OWN),
    "assignments.print_page": ("assignments.see", OWN),
    "api.assigned_visits": ("assignments.see", AREA),
    "api.proposals_of_area": ("assignments.decide", AREA),
    "api.one_proposal": ("assignments.decide", THING),
    "api.weights_in_force": ("assignments.see", AREA),
    "records.page": ("indicators.see", AREA),
    "records.file": ("indicators.see", AREA),
    "api.records_of_minutes": ("indicators.see", AREA),
    "boards.page": ("indicators.see", AREA),
    "boards.file": ("indicators.see", AREA),
    "api.board_of_a_plan": ("indicators.see", AREA),
    "indicators.page": ("indicators.see", AREA),
    "indicators.file": ("indicators.see", AREA),
    "indicators.unit": ("indicators.see", AREA),
    "indicators.save": ("indicators.enter", AREA),
    "indicators.history": ("indicators.see", THING),
    "indicators.attachment": ("indicators.see", THING),
    "api.indicators_of_units": ("indicators.see", AREA),
    "api.indicator_standings": ("indicators.see", AREA),
    "api.indicator_value": ("indicators.see", THING),
    "api.tips_received": ("tips.see", AREA),
    "api.tips_share": ("tips.see", AREA),
    "api.one_tip": ("tips.see", THING),
    "assignments.assign": ("assignments.decide", OWN),
    "assignments.take_back": ("assignments.decide", OWN),
    "planning.page": ("assignments.decide", OWN),
    "planning.draw": ("assignments.decide", AREA),
    "planning.one": ("assignments.decide", THING),
    "planning.file": ("assignments.decide", THING),
    "planning.line": ("assignments.decide", THING),
    "planning.change": ("assignments.decide", THING),
    "planning.add": ("assignments.decide", THING),
    "planning.decide": ("assignments.decide", THING),
    "planning.weights": ("assignments.see", AREA),
    "planning.set_weights": ("assignments.decide", AREA),
    "api.found_by_search": ("history.see", OWN),
    "api.history_of_an_establishment": ("history.see", PURPOSE),
    "api.history_of_an_operator": ("history.see", PURPOSE),
    "api.places_with_a_repeat": ("history.see", PURPOSE),
    "api.data_requests": ("requests.answer", OWN),
    "api.data_request": ("requests.answer", ONE),
    "api.looked_up": ("lookups.see", OWN),
    "history.find": ("history.see", OWN),
    "history.place": ("history.see", ONE),
    "history.open_place": ("history.see", ONE),
    "history.place_file": ("history.see", PURPOSE),
    "history.place_extract": ("history.see", ONE),
    "history.operator": ("history.see", ONE),
    "history.open_operator": ("history.see", ONE),
    "history.operator_file": ("history.see", PURPOSE),
    "history.operator_extract": ("history.see", ONE),
    "history.repeated": ("history.see", OWN),
    "history.open_repeated": ("history.see", OWN),
    "history.repeated_file": ("history.see", PURPOSE),
    "history.requests": ("requests.answer", OWN),
    "history.record": ("requests.answer", OWN),
    "history.requests_file": ("requests.answer", OWN),
    "history.one_request": ("requests.answer", ONE),
    "history.answer": ("requests.answer", ONE),
    "history.log": ("lookups.see", OWN),
    "history.log_file": ("lookups.see", OWN),
    "work.page": ("work.see", AREA),
    "work.file": ("work.see", AREA),
    "work.one": ("work.see", AREA),
    "work.keep": ("work.do", AREA),
    "work.attachment": ("work.see", THING),
    "unit_inspections.page": ("work.see", AREA),
    "unit_inspections.file": ("work.see", AREA),
    "unit_inspections.ask_for_new": ("work.do", AREA),
    "unit_inspections.make": ("work.do", AREA),
    "unit_inspections.one": ("work.see", ONE),
    "unit_inspections.ask_to_change": ("work.do", THING),
    "unit_inspections.change": ("work.do", THING),
    "unit_inspections.mend": ("work.do", ONE),
    "unit_inspections.void": ("work.do", THING),
    "unit_inspections.minutes": ("work.see", ONE),
    "list_reviews.page": ("work.see", AREA),
    "list_reviews.file": ("work.see", AREA),
    "list_reviews.proposals_file": ("work.see", AREA),
    "list_reviews.confirm": ("register.confirm", AREA),
    "list_reviews.propose": ("work.do", AREA),
    "list_reviews.one": ("work.see", ONE),
    "list_reviews.decide": ("work.do", THING),
    "api.tasks_of_a_year": ("work.see", AREA),
    "api.unit_inspections": ("work.see", AREA),
    "api.one_unit_inspection": ("work.see", ONE),
    "api.list_reviews": ("work.see", AREA),
    "api.list_proposals": ("work.see", AREA),
    "api.one_list_proposal": ("work.see", ONE),
    "tips.page": ("tips.see", AREA),
    "tips.file": ("tips.see", AREA),
    "tips.ask": ("tips.edit", NOTHING),
    "tips.enter": ("tips.edit", NOTHING),
    "tips.one": ("tips.see", THING),
    "tips.change": ("tips.edit", THING),
    "review.page": ("visits.paper", AREA),
    "review.file": ("visits.paper", AREA),
    "review.sure": ("visits.review", AREA),
    "review.accept": ("visits.review", AREA),
    "visits.page": ("visits.see", ONE),
    "visits.answer": ("visits.review", ONE),
    "visits.comment": ("visits.review", ONE),
    "visits.paper": ("visits.paper", ONE),
    "duties.page": ("duties.see", AREA),
    "duties.file": ("duties.see", AREA),
    "duties.done": ("visits.paper", AREA),
    "api.received_visits": ("visits.paper", AREA),
    "api.received_visit": ("visits.see", ONE),
    "api.team_duties": ("duties.see", AREA),
    "deciding.page": ("arrivals.decide", OWN),
    "deciding.one": ("arrivals.decide", ONE),
    "deciding.decide": ("arrivals.decide", ONE),
    "laptops.page": ("laptops.keep", OWN),
    "laptops.file": ("laptops.keep", OWN),
    "laptops.ask_for_code": ("laptops.keep", OWN),
    "laptops.make_code": ("laptops.keep", AREA),
    "laptops.ask_to_lock": ("laptops.keep", ONE),
    "laptops.lock": ("laptops.keep", ONE),
    "laptops.ask_to_retire": ("laptops.keep", ONE),
    "laptops.retire": ("laptops.keep", ONE),
    "stick.page": ("laptops.keep", OWN),
    "stick.take_in": ("laptops.keep", OWN),
    "stick.write_out": ("laptops.keep", OWN),
    "decisions.page": ("decisions.see", OWN),
    "decisions.file": ("decisions.see", OWN),
    "decisions.one": ("decisions.see", ONE),
    "decisions.new": ("decisions.edit", OWN),
    "decisions.enter": ("decisions.edit", OWN),
    "decisions.edit": ("decisions.edit", ONE),
    "decisions.change": ("decisions.edit", ONE),
    "api.decisions": ("decisions.see", AREA),
    "api.decision_of": ("decisions.see", ONE),
    "law.page": ("law.see", OWN),
    "api.repeat_working": ("law.see", THING),
    "api.acts": ("law.see", OWN),
    "api.act_groups": ("law.see", OWN),
    "api.uncoded_violations": ("law.edit", AREA),
    "acts.page": ("law.see", OWN),
    "acts.file": ("law.see", OWN),
    "acts.row": ("law.see", OWN),
    "acts.new_row": ("law.edit", OWN),
    "acts.keep_row": ("law.edit", OWN),
    "acts.group_list": ("law.see", OWN),
    "acts.group": ("law.see", OWN),
    "acts.keep_group": ("law.edit", OWN),
    "acts.queue": ("law.edit", OWN),
    "acts.code_it": ("law.edit", OWN),
    "look.look": (EVERYBODY, NOTHING),
    "shown.switch": (EVERYBODY, NOTHING),
    "people.sign_in": (EVERYBODY, NOTHING),
    "people.try_sign_in": (EVERYBODY, NOTHING),
    "people.sign_out": (SIGNED_IN, NOTHING),
    "people.second_step": (EVERYBODY, NOTHING),
    "people.take_second_step": (EVERYBODY, NOTHING),
    "joining.page": (EVERYBODY, NOTHING),
    "joining.join": (EVERYBODY, NOTHING),
    "mine.page": (SIGNED_IN, OWN),
    "mine.password": (SIGNED_IN, OWN),
    "mine.ask_for_second": (SIGNED_IN, OWN),
    "mine.set_second": (SIGNED_IN, OWN),
    "mine.end": (SIGNED_IN, OWN),
    "mine.act": (SIGNED_IN, OWN),
    "rights.page": (SIGNED_IN, NOTHING),
    "api.users": ("people.manage", AREA),
    "api.one_user": ("people.manage", ONE),
    "api.own_account": (SIGNED_IN, OWN),
    "api.rights": ("home.see", NOTHING),
    "api.inspection_teams": ("teams.manage", AREA),
    "api.inspection_team": ("teams.manage", ONE),
    "api.plans_of_an_area": ("plans.manage", AREA),
    "api.one_plan": ("plans.manage", ONE),
    "managing.page": ("people.manage", OWN),
    "managing.file": ("people.manage", OWN),
    "managing.ask_for_new": ("people.manage", OWN),
    "managing.make": ("people.manage", AREA),
    "managing.one": ("people.manage", ONE),
    "managing.change": ("people.manage", ONE),
    "managing.invite": ("people.manage", ONE),
    "managing.do": ("people.manage", ONE),
    "teams.page": ("teams.manage", OWN),
    "teams.file": ("teams.manage", OWN),
    "teams.ask_for_new": ("teams.manage", OWN),
    "teams.make": ("teams.manage", AREA),
    "teams.one": ("teams.manage", ONE),
    "teams.ask_to_change": ("teams.manage", ONE),
    "teams.change": ("teams.manage", ONE),
    "teams.ask_to_renew": ("teams.manage", ONE),
    "teams.renew": ("teams.manage", ONE),
    "teams.close": ("teams.manage", ONE),
    "api.returns_of_an_area": ("returns.see", AREA),
    "api.returns_sent": ("returns.see", AREA),
    "api.one_return": ("returns.see", ONE),
    "returns.page": ("returns.see", AREA),
    "returns.file": ("returns.see", AREA),
    "returns.ask": ("returns.make", OWN),
    "returns.make": ("returns.make", AREA),
    "return_one.page": ("returns.see", ONE),
    "return_one.write": ("returns.make", ONE),
    "return_one.head": ("returns.make", ONE),
    "return_one.ask_to_send": ("returns.make", ONE),
    "return_one.send": ("returns.make", ONE),
    "return_one.number": ("returns.number", ONE),
    "return_one.again": ("returns.make", ONE),
    "return_one.drop": ("returns.make", ONE),
    "return_files.document": ("returns.see", ONE),
    "return_files.figures": ("returns.see", ONE),
    "return_files.restated": ("returns.see", ONE),
    "return_files.figure": ("returns.see", ONE),
    "return_files.figure_file": ("returns.see", ONE),
    "return_below.page": ("returns.see", ONE),
    "return_below.file": ("returns.see", ONE),
    "plans.page": ("plans.manage", OWN),
    "plans.file": ("plans.manage", OWN),
    "plans.ask_for_new": ("plans.manage", OWN),
    "plans.make": ("plans.manage", AREA),
    "plans.one": ("plans.manage", ONE),
    "plans.ask_to_change": ("plans.manage", ONE),
    "plans.change": ("plans.manage", ONE),
    "plans.ask_to_copy": ("plans.manage", ONE),
    "plans.copy": ("plans.manage", ONE),
    "plans.close": ("plans.manage", ONE),
    "plans.ask_for_issued": ("plans.manage", OWN),
    "plans.take_issued": ("plans.manage", OWN),
    "plan_files.file": ("plans.manage", ONE),
    "plan_parts.ask": ("plans.manage", ONE),
    "plan_parts.change": ("plans.manage", ONE),
    "plan_parts.ask_for_new": ("plans.manage", ONE),
    "plan_parts.add": ("plans.manage", ONE),
    "health.healthz": (EVERYBODY, NOTHING),
    "door.enrol": (EVERYBODY, NOTHING),
    "clients.offered": (DEVICE, NOTHING),
    "clients.part": (DEVICE, NOTHING),
    "door.key": (EVERYBODY, NOTHING),
    "door.receive_batch": (DEVICE, NOTHING),
    "door.changes": (DEVICE, NOTHING),
    "door.reconcile": (DEVICE, NOTHING),
    "door.own_items": (DEVICE, NOTHING),
    "files.ask": (EVERYBODY, NOTHING),
    "files.begin": (DEVICE, NOTHING),
    "files.how_far": (DEVICE, NOTHING),
    "files.go_on": (DEVICE, NOTHING),
    "files.stop": (DEVICE, NOTHING),
    "file_view.show": (SIGNED_IN, THING),
    "verification.ask": (EVERYBODY, NOTHING),
    "verification.take": (EVERYBODY, NOTHING),
    "verification.show": (EVERYBODY, NOTHING),
    "verification.show_capitals": (EVERYBODY, NOTHING),
}


def aside(office, unit):
    """Return the name of an item that waits for a decision about a place of *unit*."""
    line = office.line(office.place(unit=unit), outcome="fine")
    ingest(office.db, [line], Sender(office.device, None), office.at)
    return name_of(line)


def decided(office, unit):
    """Enter a decision about who runs a place in *unit*, and return its id."""
    place, operator = operated(office, unit)[:2]
    state = {"number": f"12/{place}", "authority": "UBND", "operator": operator, "establishment": place,
             "codes": ["ND38-15.5b"], "decided_on": "2026-03-10", "sanction": "fine"}  # fmt: skip
    return office.enter("decision", state)[0]


def operated(office, unit):
    """Return a place of *unit*, and the operator who runs it and nothing else."""
    operator = office.enter("operator", {"name": "Hộ bà Hạnh", "form": "household"})[0]
    return office.place(unit=unit, **{"operator/1": {"from": "2019-01-01", "operator": operator}}), operator


# How to make the one thing of a route in a unit: by endpoint, or by blueprint for all its routes.
def visited(office, unit):
    """Return a visit that was received of a place in *unit*."""
    line = office.line(office.place(unit=unit))
    ingest(office.db, [line], Sender(office.device, None), office.at)
    return read(line).id


def unit_inspected(office, unit):
    """Write down an inspection of the own work of *unit*, and return its id."""
    epoch, _, code = unit.partition(":")
    state = {"epoch": epoch, "unit": code, "on": "2026-10-05", "body": "Sở Y tế", "members": 3, "version": 1}
    return office.enter("unit_inspection", state)[0]


def proposed(office, unit):
    """Write down what *unit* proposes after its review, and return its id."""
    epoch, _, code = unit.partition(":")
    state = {"epoch": epoch, "unit": code, "year": 2026, "asks": "other", "text": "Mở lớp tập huấn"}
    return office.enter("list_proposal", state | {"proposed_on": "2026-10-05", "standing": "proposed"})[0]


RETURNS = ("return_one", "return_files", "return_below", "api.one_return")


def reported(office, unit):
    """Return the id of the draft of a return of a unit."""
    asked = {"do": "return", "unit": unit, "report": "ad_hoc", "from": "2026-01-01", "to": "2026-06-30"}
    answer = apply_one(office.db, asked, author="test", at=office.at)
    return office.db.conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()[0]


THINGS: dict[str, Callable[[Any, str], str]] = {
    **dict.fromkeys(("unit_inspections.one", "unit_inspections.mend", "unit_inspections.minutes",
                     "api.one_unit_inspection"), unit_inspected),
    **dict.fromkeys(("list_reviews.one", "api.one_list_proposal"), proposed),
    "place": lambda office, unit: office.place(unit=unit),
    "visits": lambda office, unit: visited(office, unit),
    "api.received_visit": lambda office, unit: visited(office, unit),
    "edit_place": lambda office, unit: office.place(unit=unit),
    "operator_edit": lambda office, unit: operated(office, unit)[1],
    "api.establishment": lambda office, unit: office.place(unit=unit),
    "api.establishment_changes": lambda office, unit: office.place(unit=unit),
    "laptops": lambda office, unit: office.laptop(area=unit),
    **dict.fromkeys(("history.place", "history.open_place", "history.place_file", "history.place_extract",
                     "api.history_of_an_establishment"), lambda office, unit: operated(office, unit)[0]),
    **dict.fromkeys(("history.operator", "history.open_operator", "history.operator_file", "history.operator_extract",
                     "api.history_of_an_operator"), lambda office, unit: operated(office, unit)[1]),
    **dict.fromkeys(("history.one_request", "history.answer", "api.data_request"), lambda office, unit: office.enter(
        "data_request", {"operator": operated(office, unit)[1], "paper": "05/ĐN", "asks": "see",
                         "received_on": "2026-11-01", "due_on": "2026-11-16"})[0]),
    **dict.fromkeys(("decisions.one", "decisions.edit", "decisions.change", "api.decision_of"),
                    lambda office, unit: decided(office, unit)),
    "deciding": aside,
    "managing": lambda office, unit: office.users[office.user("clerk", unit)],
    "api.one_user": lambda office, unit: office.users[office.user("clerk", unit)],
    "teams": lambda office, unit: office.team_of(unit),
    **dict.fromkeys(RETURNS, lambda office, unit: reported(office, unit)),
    **dict.fromkeys(("plans", "plan_files"), lambda office, unit: office.plan(area=unit)),
    "plan_parts": lambda office, unit: office.plan(area=unit, **{"task/1": {"name": "Kiện toàn đội kiểm tra"}}),
    "api.inspection_team": lambda office, unit: office.team_of(unit),
    "api.one_plan": lambda office, unit: office.plan(area=unit),
}
# Things that stand in units of every level; all others stand in a commune.
ANY_UNIT = {*RETURNS, "laptops", "managing", "teams", "plans", "plan_files", "plan_parts", "api.one_user",
            "api.inspection_team", "api.one_plan"}  # fmt: skip
AWAY = {COMMUNE: (ELSEWHERE, FAR_COMMUNE), DISTRICT: (FAR_COMMUNE,), PROVINCE: (FAR_COMMUNE,)}
PATHS = {
    "coverage.file": "/ty-le-kiem-tra.csv",
    "under.file": "/ty-le-kiem-tra/danh-sach.csv",
    "laptops.file": "/may-tinh.csv",
    "history.place_file": "/co-so/<id>/lich-su.csv",
    "history.operator_file": "/chu-co-so/<id>.csv",
    "history.repeated_file": "/tra-cuu/tai-pham.csv",
    "history.requests_file": "/tra-cuu/yeu-cau.csv",
    "history.log_file": "/nhat-ky/tra-cuu.csv",
    "register.file": "/co-so.csv",
    "confirming.file": "/co-so/chot-danh-sach.csv",
    "quality.file": "/co-so/du-lieu-can-ra-soat.csv",
    "assignments.file": "/phan-cong.csv",
    "managing.file": "/nguoi-dung.csv",
    "teams.file": "/doi.csv",
    "plans.file": "/ke-hoach.csv",
    "returns.file": "/bao-cao.csv",
    "return_one.write": "/bao-cao/<id>/noi-dung",
    "return_files.document": "/bao-cao/<id>/van-ban.xlsx",
    "return_files.figures": "/bao-cao/<id>/so-lieu.csv",
    "return_files.restated": "/bao-cao/<id>/dieu-chinh.csv",
    "return_files.figure": "/bao-cao/<id>/so/visits",
    "return_files.figure_file": "/bao-cao/<id>/so/visits.csv",
    "return_below.file": "/bao-cao/<id>/tong-hop.csv",
    "plan_files.file": "/ke-hoach/<id>.csv",
    "plan_parts.ask": "/ke-hoach/<id>/nhiem-vu/1",
    "plan_parts.change": "/ke-hoach/<id>/nhiem-vu/1",
    "plan_parts.ask_for_new": "/ke-hoach/<id>/nhiem-vu/them",
    "plan_parts.add": "/ke-hoach/<id>/nhiem-vu/them",
    "tips.file": "/tin-bao.csv",
    "indicators.file": "/chi-tieu.csv",
    "records.file": "/chi-tieu/ho-so.csv",
    "work.file": "/viec-trong-nam.csv",
    "work.one": "/viec-trong-nam/nhiem-vu/HD1",
    "work.keep": "/viec-trong-nam/nhiem-vu/HD1",
    "unit_inspections.file": "/viec-trong-nam/kiem-tra-cong-tac.csv",
    "list_reviews.file": "/viec-trong-nam/ra-soat.csv",
    "list_reviews.proposals_file": "/viec-trong-nam/kien-nghi.csv",
    "boards.file": "/bang-theo-doi.csv",
    "review.file": "/can-duyet/cuoc-kiem-tra.csv",
    "duties.file": "/viec-phai-lam.csv",
    "decisions.file": "/quyet-dinh.csv",
    "acts.file": "/danh-muc.csv",
    "acts.row": "/danh-muc/hanh-vi/ND38-15.5b@2021-06-01",
    "acts.group": "/danh-muc/nhom/ND38-15.5b",
    "api.repeat_working": "/api/v1/repeat?operator=019a0000-0000-7000-8000-0000000000ff&code=ND38-15.5b",
    "look.look": "/look/mark.svg",
    "audit.file": "/nhat-ky.csv",
    "jobs.file": "/viec-dinh-ky.csv",
    "reminders.file": "/nhac-viec.csv",
    "due.file": "/han-bao-cao.csv",
    "verification.show": f"/v/{short_of('0' * 64).digits}",
    "verification.show_capitals": f"/V/{short_of('0' * 64).digits}",
}


@dataclass(frozen=True)
class Door:
    """One route by one method, with its rule."""

    endpoint: str
    path: str
    method: str
    who: str
    shows: str

    @property
    def open_to(self):
        """Who the rule names, as a view says it: those who may do an act, or one mark."""
        return RIGHTS.get(self.who, frozenset({self.who}))

    @property
    def is_ours(self):
        """Whether somebody must be signed in."""
        return self.who not in (EVERYBODY, DEVICE)

    @property
    def shows_one(self):
        """Whether it is about one thing that THINGS makes."""
        return self.shows == ONE or (self.shows == PURPOSE and self.of in THINGS)

    @property
    def of(self):
        """Under which name THINGS makes what it shows ONE of."""
        return self.endpoint if self.endpoint in THINGS else self.endpoint.partition(".")[0]

    @property
    def roles(self):
        """The roles that it lets in."""
        return [role for role in ROLES if self.who == SIGNED_IN or role in self.open_to]

    def address(self, thing="x"):
        return re.sub(r"<[^>]*>", thing, PATHS.get(self.endpoint, self.path))


@dataclass
class House:
    """The office of this file: built once, with somebody of each role and area, and things in two communes."""

    office: Any
    app: Any
    doors: list[Door]
    clients: dict = field(default_factory=dict)
    things: dict = field(default_factory=dict)

    def knock(self, door, who, path, query="", **form):
        """Return the status with which *door* answers somebody of (role, area) under *path*."""
        client, token = self.signed_in(*who)
        if door.method == "GET":
            return client.get(path + query).status_code
        return client.post(path + query, data={"csrf_token": token, **form}).status_code

    def signed_in(self, role, area):
        """Return a browser of theirs, and the token of its forms."""
        if (role, area) not in self.clients:
            client = self.office.client(role, area, app=self.app)
            self.clients[role, area] = (client, token_of(client.get("/").text))
        return self.clients[role, area]

    def thing(self, door, unit):
        """Return the id of what *door* shows ONE of, in *unit*; made once."""
        if (door.of, unit) not in self.things:
            self.things[door.of, unit] = THINGS[door.of](self.office, unit)
        return self.things[door.of, unit]


def token_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def every_door(app):
    """Return each route that has a rule, once for reading and once for a form."""
    found = [(rule, method) for rule in routes(app) for method in ("GET", "POST") if method in rule.methods]
    return [Door(rule.endpoint, rule.rule, method, *RULES[rule.endpoint]) for rule, method in found
            if rule.endpoint in RULES]  # fmt: skip


@pytest.fixture(scope="module")
def house(template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("doors") / "data"
    shutil.copytree(template, folder)
    office = Office(Settings(folder))
    app = office.app()
    yield House(office, app, every_door(app))
    office.db.close()


def test_every_route_has_a_rule_and_says_the_same(house):
    views = house.app.view_functions
    said = {rule.endpoint: getattr(views[rule.endpoint], "knock", None) for rule in routes(house.app)}

    assert said == {endpoint: RIGHTS.get(who, frozenset({who})) for endpoint, (who, _) in RULES.items()}


def test_nobody_comes_in_without_signing_in(house):
    client = house.app.test_client()

    for door in house.doors:
        status = client.open(door.address(), method=door.method).status_code
        if door.who != EVERYBODY:
            assert status in (302, 401), door
        elif door.endpoint == "due_feed.feed":  # its secret is who comes in; without one there is nothing
            assert status == 404
        elif door.method == "GET" and door.endpoint != "people.second_step":  # which leads on who has no step to take
            assert status == 200, door


def test_a_laptop_comes_in_by_its_own_doors_only(house):
    id = house.office.laptop(area=COMMUNE)
    credential = {"device": id, "hash": credential_hash("of a laptop"), "made_at": "2026-11-20"}
    house.office.db["credentials"].insert(credential)
    client, header = house.app.test_client(), {"Authorization": "Bearer of a laptop"}

    for door in house.doors:
        status = client.open(door.address(), method=door.method, headers=header).status_code
        if door.is_ours:
            assert status in (302, 401), door
        elif door.who == DEVICE:
            assert status not in (302, 401, 403), door


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("area", WITHIN)
def test_a_role_comes_in_where_the_table_says_so_and_nowhere_else(house, role, area):
    for door in house.doors:
        if door.who != EVERYBODY and role not in door.roles:
            refused = 401 if door.who == DEVICE else 403
            assert house.knock(door, (role, area), door.address()) == refused, door


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("area", WITHIN)
def test_every_role_sees_its_area_and_no_other(house, role, area):
    """Every page for every role in the commune; in wider areas each page for one of its roles, taken in turn."""
    for place, door in enumerate(house.doors):
        if role not in door.roles or door.endpoint == "people.sign_out":
            continue
        if area == COMMUNE or role == door.roles[place % len(door.roles)]:
            check_own(house, door, (role, area))
        check_others(house, door, (role, area))


def word(door):
    """Return the word under which a route is asked for a unit: programs ask in English."""
    return "unit" if door.endpoint.startswith("api.") else "don-vi"


def check_own(house, door, who):
    """Check that *door* answers of the own area; forms, which are empty here, are sent back but not refused."""
    if door.who in OF_THE_WHOLE and who[1] != PROVINCE:
        assert house.knock(door, who, door.address()) == 403, (door, who)
        return
    if door.shows == THING:
        assert house.knock(door, who, door.address()) in (404, 422), (door, who)
        return
    path = door.address(house.thing(door, COMMUNE)) if door.shows_one else door.address()
    if door.shows == PURPOSE:
        assert house.knock(door, who, path) in (302, 403), (door, who)
        return
    if door.method == "POST":
        taken = (200, 303, 409, 422) if door.shows in (ONE, AREA) else (200, 303, 404, 409, 422)  # 404: what it names
        form = {"don-vi": who[1]} if door.shows == AREA else {}
        assert house.knock(door, who, path, **form) in taken, (door, who)
        return
    for unit in WITHIN[who[1]] if door.shows == AREA else ("",):
        assert house.knock(door, who, path, f"?{word(door)}={unit}" if unit else "") == 200, (door, who, unit)


def check_others(house, door, who):
    """Check that *door* tells nothing of, and changes nothing in, an area elsewhere or above."""
    units = BEYOND[who[1]] if door.shows == AREA else ()
    for unit in units:
        form = {"don-vi": unit} if door.method == "POST" else {}
        assert house.knock(door, who, door.address(), f"?{word(door)}={unit}", **form) == 403, (door, who, unit)
    if door.shows_one:
        for unit in BEYOND[who[1]] if door.of in ANY_UNIT else AWAY[who[1]]:
            assert house.knock(door, who, door.address(house.thing(door, unit))) == 403, (door, who, unit)


def test_no_form_is_taken_without_its_token(house):
    for door in house.doors:
        if door.method == "POST" and door.is_ours:
            client, _ = house.signed_in(door.roles[0], PROVINCE)
            assert client.post(door.address()).status_code == 400, door


@pytest.mark.parametrize("role", ROLES)
def test_a_laptop_elsewhere_is_neither_locked_nor_retired_nor_brought_in(office, role):
    client, laptop = office.client(role, COMMUNE), office.laptop(area=ELSEWHERE)
    forms = {
        f"/may-tinh/{laptop}/khoa": {"reason": "Mất"},
        f"/may-tinh/{laptop}/ngung-dung": {"by": "Lê Thị Hạnh", "sure": "1"},
        "/may-tinh/dang-ky": {"don-vi": ELSEWHERE},
    }

    token = token_of(client.get("/").text)

    answers = [client.post(path, data={**form, "csrf_token": token}).status_code for path, form in forms.items()]

    assert answers == [403] * 3
    assert not {"revoked_on", "retired_on"} & state_of(office.db.conn, "device", laptop).keys()
    assert office.db["enrolments"].count == 0


@pytest.mark.parametrize("path", ["/?don-vi=new:38", "/?area=38"])
def test_the_first_page_shows_the_own_area_whatever_is_asked(office, path):
    office.place(unit=ELSEWHERE)

    assert "Không có cơ sở" in office.client("team", COMMUNE).get(path).get_data(as_text=True)


def test_a_place_elsewhere_is_in_no_list_of_the_area(office):
    office.place("Ở nơi khác", unit=ELSEWHERE)
    client = office.client("police", COMMUNE)

    for path in ("/ty-le-kiem-tra/danh-sach", "/ty-le-kiem-tra/danh-sach.csv"):
        assert "Ở nơi khác" not in client.get(path).get_data(as_text=True)


def test_a_form_without_its_token_is_refused(office):
    assert office.client().post("/dang-xuat").status_code == 400
    assert office.app().test_client().post("/dang-nhap", data={"name": "x", "password": "y"}).status_code == 400


def test_pages_are_kept_by_no_browser_and_run_no_foreign_code(office):
    answer = office.client().get("/")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_an_account_that_was_disabled_is_out_at_once(office):
    client = office.client()
    state = office.db.conn.execute("SELECT id FROM things WHERE kind = 'user'").fetchone()
    office.enter("user", {"disabled": True}, ids=[state[0]])

    assert client.get("/").status_code == 302


def test_who_was_signed_out_meanwhile_does_not_come_back_to_a_page_that_only_takes_forms(office):
    answer = office.app().test_client().post("/dang-xuat")

    assert answer.location == "/dang-nhap"


def test_a_name_of_any_length_takes_no_more_room_than_a_name(office):
    client = office.app().test_client()
    token = token_of(client.get("/dang-nhap").text)

    client.post("/dang-nhap", data={"csrf_token": token, "name": "x" * 100_000, "password": "y"})

    assert office.db.conn.execute("SELECT max(length(door)) FROM tries").fetchone()[0] < 100
