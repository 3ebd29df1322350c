"""The invented register: the same for a seed, in the shape of the real, and marked as invented."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from itertools import islice
from random import Random

import pytest

from schemas.inspections import NewInspectionSchema
from schemas.items import read
from schemas.register import check_edit
from schemas.repeat import Answer, look_up
from schemas.units import NEW_MAP_FROM
from schemas.violations import find
from server.arrivals.verify import verify
from server.law.held import windows_of
from server.sample import generate, lines, worst_places
from server.sample.names import WORDS
from server.sample.shape import district, tree
from server.sample.visits import visits
from sync.merge import merge

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
LETTERS = {
    *"àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ",
}


@pytest.fixture
def demo(central):
    """A server filled with the demo's sample."""
    generate(central.db, "demo", 178, AT)
    return central


def items(size="demo", seed=178):
    return [read(line) for line in lines(size, seed, TODAY)]


def test_a_seed_makes_the_same_bytes_and_another_seed_others():
    assert list(lines("S", 1, TODAY)) == list(lines("S", 1, TODAY))
    assert list(lines("S", 1, TODAY)) != list(lines("S", 2, TODAY))


@pytest.mark.parametrize("size", ["S", "demo"])
@pytest.mark.parametrize("seed", [1, 2, 178])
def test_everything_is_accepted_but_the_two_that_a_page_shows_as_not_counted(central, size, seed):
    made = generate(central.db, size, seed, AT)

    assert made.standings == {"accepted": made.items - 2, "quarantined": 1, "conflict": 1}


def test_what_was_made_is_proved_by_verify_and_made_again_changes_nothing(demo):
    before = demo.one("SELECT count(*) FROM arrivals")

    generate(demo.db, "demo", 178, AT)

    assert demo.one("SELECT count(*) FROM arrivals") == before
    assert verify(demo.db).problems == ()


def test_size_s_is_one_commune_of_25_places():
    places = {item.id for item in items("S") if item.kind == "establishment"}

    assert len(places) == 25


def test_the_demo_is_trieu_son_with_a_commune_that_has_none(demo):
    stands = {row[0] for row in demo.db.conn.execute("SELECT DISTINCT commune FROM placements")}

    assert demo.one("SELECT count(*) FROM establishments") == 170
    assert set(district("old:397")) - stands == {"new:15667"}


def test_the_demo_has_all_that_a_register_has(demo):
    rows = demo.db.conn.execute("SELECT state FROM things WHERE kind = 'establishment'")
    states = [json.loads(row[0]) for row in rows]
    groups = [Counter(path.partition("/")[0] for path in state) for state in states]
    statuses = {value["status"] for state in states for path, value in state.items() if path.startswith("status/")}

    assert any(group["kind"] > 1 for group in groups)
    assert any(group["operator"] > 1 for group in groups)
    assert any(group["place"] > 1 for group in groups)
    assert any(state.get("merged_into") for state in states)
    assert statuses == {"open", "paused", "closed"}
    assert {place["epoch"] for state in states for path, place in state.items() if path.startswith("place/")} == {
        "old", "new"
    }  # fmt: skip


def test_the_demo_has_visits_of_every_outcome_in_every_year(demo):
    years = {row[0] for row in demo.db.conn.execute("SELECT DISTINCT substr(date, 1, 4) FROM visits")}
    outcomes = {row[0] for row in demo.db.conn.execute("SELECT DISTINCT outcome FROM visits")}

    assert years == {"2021", "2022", "2023", "2024", "2025", "2026"}
    assert {"no_violation", "violations", "closed_tonight"} <= outcomes
    assert demo.one("SELECT count(*) FROM visits WHERE members < 3") > 0
    assert demo.one("SELECT count(*) FROM visits WHERE revision > 1") > 0
    assert demo.one("SELECT count(*) FROM things WHERE kind = 'decision'") > 10


def test_a_team_has_five_members_or_more():
    teams = [item.body["set"] for item in items() if item.kind == "team"]

    assert len(teams) == 11
    assert all(sum(path.startswith("member/") for path in team) >= 5 for team in teams)


def test_what_is_invented_says_so():
    made = items()
    codes = {item.body["set"].get("code", "GD-") for item in made if item.kind == "establishment"}
    plans = {item.body["set"]["from"][:4]: item.body["set"]["invented"] for item in made if item.kind == "plan"}

    assert all(code.startswith("GD-") for code in codes)
    assert plans == {"2021": False, "2023": False, "2026": True}


def test_the_names_have_every_letter_of_vietnamese():
    assert set("".join(WORDS).lower()) >= LETTERS


def test_a_coded_violation_is_in_the_catalogue_of_its_day():
    acts = [
        (act, item.body["date"])
        for item in items()
        if item.kind == "inspection"
        for act in item.body.get("violations", ())
    ]

    assert acts
    assert all(find(act["code"], date.fromisoformat(day)) for act, day in acts if act.get("code"))
    assert any(not act.get("code") for act, _ in acts)


def test_visits_for_a_bench_need_no_database_and_pass_the_door():
    place, team = "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"
    made = visits(Random(1), [(place, ("karaoke",))], team, first=date(2022, 1, 1), last=date(2026, 11, 1), count=50)

    bodies = [body for body in made if not NewInspectionSchema().validate(body)]

    assert len(bodies) == 50
    assert max(len(body["answers"]) for body in bodies) == 30


def test_the_worst_places_are_within_the_rules_and_merge_into_no_circle():
    seen = set()
    for worst in worst_places(Random(1), 200):
        edit = {"set": worst.state, "was": dict.fromkeys(worst.state)}
        assert check_edit("establishment", edit) == {}
        assert merge({}, edit).conflicts == {}
        assert worst.state.get("merged_into") in {None, *seen}
        assert all(not NewInspectionSchema().validate(body) for body in worst.visits)
        seen.add(worst.id)


def test_the_country_begins_without_being_written_out():
    some = [read(line) for line in islice(lines("L", 1, TODAY), 5000)]

    assert sum(item.kind == "team" for item in some) > 3000


def test_an_old_place_stands_on_the_old_map_where_it_is_known():
    places = [item.body["set"]["place/1"] for item in items() if "place/1" in item.body.get("set", {})]

    assert all(tree().get(f"{place['epoch']}:{place['unit']}") for place in places)
    assert {place["epoch"] for place in places if place["from"] < NEW_MAP_FROM.isoformat()} == {"old"}


@pytest.mark.parametrize("size", ["S", "demo"])
@pytest.mark.parametrize("seed", [1, 178])
def test_a_sample_shows_every_answer_of_the_law_today(central, size, seed):
    generate(central.db, size, seed, AT)
    there = central.db.conn.execute(
        "SELECT DISTINCT operator FROM operator_places JOIN placements USING (establishment) WHERE commune = ?",
        ("new:15664",),
    ).fetchall()

    answers = Counter(
        look_up(found, code, TODAY.isoformat()).answer
        for (operator,) in there
        for found in [windows_of(central.db.conn, operator)]
        for code in {"ND38-15.5b", *(code for one in found for code in one.codes)}
    )

    assert set(answers) == set(Answer)
