"""Every door of the server: who may knock, and how far their area reaches. A new route without a rule fails here."""

import re

import pytest

from schemas.items import name_of
from schemas.minutes_code import short_of
from server.access import DEVICE, EVERYBODY, SIGNED_IN
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.office import state_of
from server.rights import RIGHTS, ROLES

COMMUNE, ELSEWHERE, DISTRICT, OLD_PROVINCE, PROVINCE = "new:15664", "new:15682", "old:397", "old:38", "new:38"

# Who: an act of server/rights.py, or a mark.
# What a route shows: figures of an AREA, its own area whatever is asked, one THING where the own area has it,
# ONE laptop, or nothing that belongs to one.
AREA, OWN, THING, ONE, NOTHING = "an area", "the own area", "a thing", "one laptop", "nothing"
RULES = {
    "home.home": ("home.see", OWN),
    "coverage.page": ("coverage.see", AREA),
    "coverage.file": ("coverage.see", AREA),
    "api.coverage_figures": ("coverage.see", AREA),
    "api.coverage_list": ("coverage.see", AREA),
    "api.openapi": (EVERYBODY, NOTHING),
    "api.problems": (EVERYBODY, NOTHING),
    "under.page": ("coverage.see", AREA),
    "under.file": ("coverage.see", AREA),
    "duplicates.page": ("duplicates.decide", AREA),
    "duplicates.decide": ("duplicates.decide", AREA),
    "assignments.page": ("assignments.decide", OWN),
    "assignments.assign": ("assignments.decide", OWN),
    "assignments.take_back": ("assignments.decide", OWN),
    "deciding.page": ("arrivals.decide", OWN),
    "deciding.one": ("arrivals.decide", OWN),
    "deciding.decide": ("arrivals.decide", OWN),
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
    "look.look": (EVERYBODY, NOTHING),
    "shown.switch": (EVERYBODY, NOTHING),
    "people.sign_in": (EVERYBODY, NOTHING),
    "people.try_sign_in": (EVERYBODY, NOTHING),
    "people.sign_out": (SIGNED_IN, NOTHING),
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
PATHS = {
    "coverage.file": "/ty-le-kiem-tra.csv",
    "under.file": "/ty-le-kiem-tra/danh-sach.csv",
    "laptops.file": "/may-tinh.csv",
    "look.look": "/look/mark.svg",
    "verification.show": f"/v/{short_of('0' * 64).digits}",
    "verification.show_capitals": f"/V/{short_of('0' * 64).digits}",
}


def whom(who):
    """Return who a rule names, as a view says it: those who may do an act, or one mark."""
    return RIGHTS.get(who, frozenset({who}))


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(rule, laptop="x"):
    return PATHS.get(rule.endpoint, rule.rule.replace("<id>", laptop))


def aside(office):
    """Return the name of an item that waits for a decision about a place of COMMUNE."""
    line = office.line(office.place(unit=COMMUNE), outcome="fine")
    ingest(office.db, [line], Sender(office.device, None), office.at)
    return name_of(line)


@pytest.fixture
def rules(office):
    """The routes that show something, under the rule for each."""
    PATHS["deciding.one"] = f"/can-duyet/{aside(office)}"
    return [(rule, RULES[rule.endpoint]) for rule in routes(office.app()) if "GET" in rule.methods]


def test_every_route_has_a_rule_and_says_the_same(office):
    app = office.app()

    said = {rule.endpoint: getattr(app.view_functions[rule.endpoint], "knock", None) for rule in routes(app)}

    assert said == {endpoint: whom(who) for endpoint, (who, _) in RULES.items()}


def test_nobody_comes_in_without_signing_in(office, rules):
    client = office.app().test_client()

    for rule, (who, _) in rules:
        status = client.get(address(rule)).status_code
        if who == EVERYBODY:
            assert status == 200, rule
        else:
            assert status in (302, 401), rule


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sees_its_own_area_and_no_other(office, rules, role):
    client = office.client(role, COMMUNE)
    own, others = office.laptop(area=COMMUNE), [office.laptop(area=area) for area in (ELSEWHERE, DISTRICT, PROVINCE)]

    for rule, (who, shows) in rules:
        path = address(rule, own)
        if who == DEVICE:
            assert client.get(path).status_code == 401, rule
            continue
        if who in RIGHTS and role not in RIGHTS[who]:
            assert client.get(path).status_code == 403, rule
            continue
        if shows == THING:  # its own tests say who sees one
            assert client.get(path).status_code == 404, rule
            continue
        assert client.get(path).status_code == 200, rule
        if shows == ONE:
            assert [client.get(address(rule, one)).status_code for one in others] == [403] * 3, rule
        if shows == AREA:
            word = "unit" if rule.endpoint.startswith("api.") else "don-vi"
            assert client.get(f"{path}?{word}={COMMUNE}").status_code == 200, rule
            assert client.get(f"{path}?{word}=old:15700").status_code == 200, rule  # went into the commune, whole
            for outside in (ELSEWHERE, DISTRICT, OLD_PROVINCE, PROVINCE, "new:19"):
                assert client.get(f"{path}?{word}={outside}").status_code == 403, (rule, outside)


@pytest.mark.parametrize("role", ROLES)
def test_a_laptop_elsewhere_is_neither_locked_nor_retired_nor_brought_in(office, role):
    client, laptop = office.client(role, COMMUNE), office.laptop(area=ELSEWHERE)
    forms = {
        f"/may-tinh/{laptop}/khoa": {"reason": "Mất"},
        f"/may-tinh/{laptop}/ngung-dung": {"by": "Lê Thị Hạnh", "sure": "1"},
        "/may-tinh/dang-ky": {"don-vi": ELSEWHERE},
    }

    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]

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
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/dang-nhap").text)[1]

    client.post("/dang-nhap", data={"csrf_token": token, "name": "x" * 100_000, "password": "y"})

    assert office.db.conn.execute("SELECT max(length(door)) FROM tries").fetchone()[0] < 100
