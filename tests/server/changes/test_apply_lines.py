"""The office changes things by lines of JSON, as scripts do; each makes the item that a page would make."""

import json
from datetime import UTC, datetime

import pytest

from schemas.ids import new_id
from schemas.items import read
from server.arrivals.fold_register import last_span
from server.arrivals.verify import verify
from server.changes import apply_lines
from server.office import state_of

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
THREE = [{"name": name} for name in ("An", "Bình", "Cường")]


@pytest.fixture
def place(central):
    """A karaoke of code TS-001, open since 2019."""
    return central.place(code="TS-001")


@pytest.fixture
def visit(central, place):
    """A planned visit to the place, without findings."""
    laptop = central.laptop()
    line = laptop.visit(place)
    assert laptop.sends(line) == ["accepted"]
    return read(line).id


@pytest.fixture
def apply(central):
    """Return a function that applies one change and returns its answer."""

    def run(**asked):
        return next(iter(apply_lines(central.db, [json.dumps(asked)], author="test", at=AT)))

    return run


def make_operator(central, name="Công ty An"):
    id = new_id()
    central.edit("operator", id, {"name": name, "form": "enterprise"})
    return id


def state(central, id, kind="establishment"):
    return state_of(central.db.conn, kind, id)


def kinds_of(central, id):
    return sorted(
        (value["kind"], value["from"], value.get("to"))
        for path, value in state(central, id).items()
        if path.startswith("kind/")
    )


def test_a_place_closes_from_a_day_and_may_be_named_by_its_code(central, place, apply):
    answer = apply(do="status", establishment="TS-001", **{"from": "2026-05-01"}, status="closed")

    assert answer["standing"] == "accepted"
    assert answer["problems"] == {}
    assert central.one("SELECT standing FROM items WHERE name = ?", answer["receipt"]) == "accepted"
    span = last_span(state(central, place), "status")
    assert (span["from"], span["status"]) == ("2026-05-01", "closed")


def test_a_second_status_on_one_day_takes_the_place_of_the_first(central, place, apply):
    apply(do="status", establishment=place, **{"from": "2026-05-01"}, status="closed")

    answer = apply(do="status", establishment=place, **{"from": "2026-05-01"}, status="paused")

    assert answer["standing"] == "accepted"
    assert last_span(state(central, place), "status")["status"] == "paused"
    assert sum(path.startswith("status/") for path in state(central, place)) == 2


def test_a_span_that_lasted_into_the_day_ends_the_day_before(central, apply):
    id = central.place(**{"status/1": {"from": "2019-01-01", "to": "2026-12-31", "status": "open"}})

    answer = apply(do="status", establishment=id, **{"from": "2026-05-01"}, status="closed")

    assert answer["standing"] == "accepted"
    assert state(central, id)["status/1"]["to"] == "2026-04-30"


def test_a_place_moves_and_keeps_its_address_unless_another_is_given(central, place, apply):
    apply(do="unit", establishment=place, **{"from": "2026-02-01"}, epoch="new", code="15682")
    first = last_span(state(central, place), "place")
    apply(do="unit", establishment=place, **{"from": "2026-03-01"}, epoch="new", code="15667", address="Thôn 2")
    second = last_span(state(central, place), "place")

    assert (first["unit"], first["address"]) == ("15682", "Phố Giắt")
    assert (second["unit"], second["address"]) == ("15667", "Thôn 2")


def test_kinds_from_a_day_are_added_and_ended_the_day_before(central, place, apply):
    apply(do="kinds", establishment=place, **{"from": "2026-03-01"}, kinds=["lodging", "massage"])

    assert kinds_of(central, place) == [
        ("karaoke", "2019-01-01", "2026-02-28"),
        ("lodging", "2026-03-01", None),
        ("massage", "2026-03-01", None),
    ]


def test_the_same_kinds_again_are_answered_and_change_nothing(central, place, apply):
    before = state(central, place)

    answer = apply(do="kinds", establishment=place, **{"from": "2026-03-01"}, kinds=["karaoke"])

    assert answer["standing"] == "accepted"
    assert state(central, place) == before


def test_a_kind_that_was_to_begin_later_begins_on_the_day(central, place, apply):
    apply(do="kinds", establishment=place, **{"from": "2026-06-01"}, kinds=["karaoke", "lodging"])

    answer = apply(do="kinds", establishment=place, **{"from": "2026-03-01"}, kinds=["karaoke", "lodging"])

    assert answer["standing"] == "accepted"
    assert kinds_of(central, place) == [("karaoke", "2019-01-01", None), ("lodging", "2026-03-01", None)]


def test_a_place_changes_hands(central, place, apply):
    operator = make_operator(central)

    apply(do="operator", establishment=place, **{"from": "2026-03-01"}, operator=operator)

    assert last_span(state(central, place), "operator") == {"from": "2026-03-01", "operator": operator}


def test_places_and_operators_merge_and_come_apart_again(central, place, apply):
    other, first, second = central.place(), make_operator(central), make_operator(central)

    for kind, id, into in (("establishment", place, other), ("operator", first, second)):
        assert apply(do="merge", **{kind: id}, into=into)["standing"] == "accepted"
        assert state(central, id, kind)["merged_into"] == into
        assert apply(do="unmerge", **{kind: id})["standing"] == "accepted"
        assert "merged_into" not in state(central, id, kind)


def test_two_places_are_told_apart_and_everything_can_be_rebuilt(central, place, apply):
    other = central.place()

    answer = apply(do="distinct", establishment="TS-001", other=other)

    assert answer["standing"] == "accepted"
    assert central.one("SELECT count(*) FROM distinct_pairs WHERE kind = 'establishment'") == 1
    assert apply(do="distinct", establishment=other, other=place)["standing"] == "accepted"
    assert central.one("SELECT count(*) FROM distinct_pairs") == 1
    assert verify(central.db).problems == ()


def test_a_laptop_does_not_tell_places_apart(central, place):
    laptop = central.laptop()
    body = {"kind": "establishment", "one": place, "other": central.place()}

    assert laptop.sends(laptop.line("distinct", new_id(), body)) == ["quarantined"]
    assert central.one("SELECT count(*) FROM distinct_pairs") == 0


def test_a_circle_of_merges_is_refused_without_an_item(central, place, apply):
    other = central.place()
    apply(do="merge", establishment=place, into=other)
    before = central.one("SELECT count(*) FROM arrivals")

    answer = apply(do="merge", establishment=other, into=place)

    assert answer["standing"] is None
    assert "gộp vòng" in answer["problems"]["into"]
    assert central.one("SELECT count(*) FROM arrivals") == before


def test_a_correction_is_the_next_revision_of_the_truth(central, visit, apply):
    answer = apply(
        do="correct", inspection=visit, changes={"informed": 7, "answers": {"COM-01": "fail"}}, reason="Ghi sót"
    )

    row = central.db.conn.execute(
        "SELECT line, revision FROM visits JOIN items ON items.name = visits.item WHERE visits.id = ?", (visit,)
    ).fetchone()
    body = read(bytes(row[0])).body
    assert answer["standing"] == "accepted"
    assert row[1] == 2
    assert (body["informed"], body["answers"], body["reason"]) == (7, {"COM-01": "fail"}, "Ghi sót")
    assert body["members"] == THREE


def test_a_void_visit_counts_no_more(central, visit, apply):
    assert apply(do="void", inspection=visit, reason="Lập nhầm")["standing"] == "accepted"
    assert central.one("SELECT void FROM visits") == 1
    assert central.one("SELECT counting FROM visits") == 0


def test_a_rejected_visit_does_not_count_until_it_is_accepted(central, visit, apply):
    apply(do="review", inspection=visit, review="rejected", comment="Không có quyết định")
    rejected = central.one("SELECT counting FROM visits")
    apply(do="review", inspection=visit, review="accepted", comment="Đã bổ sung")

    assert (rejected, central.one("SELECT counting FROM visits")) == (0, 1)


def test_a_commune_confirms_its_list(central, apply):
    apply(do="confirm_list", unit="15664", on="2026-10-15")

    row = central.db.conn.execute("SELECT unit, confirmed_on, confirmed_by FROM list_confirmations").fetchone()
    assert row == ("new:15664", "2026-10-15", "test")


def test_the_check_of_another_body_is_entered(central, place, apply):
    apply(do="outside_check", establishment=place, agency="Thanh tra Sở Y tế", date="2026-03-03", paper="Kết luận 5")

    assert central.one("SELECT agency FROM outside_checks WHERE establishment = ?", place) == "Thanh tra Sở Y tế"


def test_a_decision_is_entered_once_and_then_changed(central, place, apply):
    asked = {
        "do": "decision", "number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã", "operator": make_operator(central),
        "establishment": "TS-001", "codes": "ND38-15.5b ND38-15.5c", "decided_on": "2024-05-01", "sanction": "fine",
        "ordered": ["main", "remedies"], "main_done_on": "no",
    }  # fmt: skip
    apply(**asked)

    answer = apply(**asked | {"main_done_on": "2024-06-01"})

    id = central.one("SELECT id FROM things WHERE kind = 'decision'")
    assert answer["standing"] == "accepted"
    assert central.one("SELECT count(*) FROM things WHERE kind = 'decision'") == 1
    assert state(central, id, "decision")["main_done_on"] == "2024-06-01"
    assert state(central, id, "decision")["codes"] == ["ND38-15.5b", "ND38-15.5c"]
    assert state(central, id, "decision")["establishment"] == place


def test_a_line_about_a_known_decision_says_only_what_is_new_and_null_takes_a_fact_back(central, place, apply):
    key = {"do": "decision", "number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã"}
    apply(**key, operator=make_operator(central), codes="ND38-15.5b", decided_on="2024-05-01", sanction="fine")

    assert apply(**key, main_done_on="2024-06-01")["standing"] == "accepted"
    assert apply(**key, main_done_on=None)["standing"] == "accepted"

    id = central.one("SELECT id FROM things WHERE kind = 'decision'")
    assert "main_done_on" not in state(central, id, "decision")
    assert state(central, id, "decision")["sanction"] == "fine"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"codes": "ND38-99"}, "codes"),
        ({"main_done_on": "hôm qua"}, "main_done_on"),
        ({"main_done_on": "2024-04-30"}, "main_done_on"),
        ({"sanctions": {"ND38-15.6b": "fine"}}, "sanctions"),
        ({"sanctions": {"ND38-15.5b": "prison"}}, "sanctions"),
        ({"decided_on": None}, "decided_on"),
        ({"operator": None}, "operator"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_field(central, place, apply, changes, field):
    asked = {
        "do": "decision", "number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã", "operator": make_operator(central),
        "codes": ["ND38-15.5b"], "decided_on": "2024-05-01", "sanction": "fine",
    }  # fmt: skip

    answer = apply(**{**asked, **changes})

    assert list(answer["problems"]) == [field]
    assert central.one("SELECT count(*) FROM decisions") == 0


def test_without_an_operator_a_decision_is_about_who_ran_the_place_on_the_day_of_the_act(central, place, apply):
    before, after = make_operator(central), make_operator(central)
    spans = {"operator/1": {"from": "2019-01-01", "operator": before},
             "operator/2": {"from": "2024-05-01", "operator": after}}  # fmt: skip
    central.edit("establishment", place, spans)
    asked = {"do": "decision", "authority": "A", "establishment": "TS-001", "codes": "ND38-15.5b",
             "decided_on": "2024-05-20", "sanction": "fine"}  # fmt: skip

    apply(**asked, number="1", committed_on="2024-04-30")
    apply(**asked, number="2", committed_on="2024-05-01")
    apply(**asked, number="3")

    found = dict(central.db.conn.execute("SELECT number, operator FROM decisions").fetchall())
    assert found == {"1": before, "2": after, "3": after}


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        (
            {"do": "status", "establishment": "TS-404", "from": "2026-01-01", "status": "open"},
            "establishment",
            "TS-404",
        ),
        ({"do": "status", "establishment": "TS-001", "from": "2062-01-01", "status": "open"}, "from", "2062"),
        ({"do": "status", "establishment": "TS-001", "from": "1/1/2026", "status": "open"}, "from", "Ngày không đúng"),
        ({"do": "status", "establishment": "TS-001", "from": "2026-01-01", "status": "shut"}, "status", "shut"),
        ({"do": "status", "establishment": "TS-001", "from": "2026-01-01"}, "status", "Chưa ghi"),
        (
            {"do": "status", "establishment": "TS-001", "form": "2026-01-01", "status": "open"},
            "form",
            "Không có mục này",
        ),
        ({"do": "unit", "establishment": "TS-001", "from": "2026-01-01", "epoch": "new", "code": "397"}, "code", "397"),
        ({"do": "unit", "establishment": "TS-001", "from": "2026-01-01", "epoch": "new", "code": "38"}, "code", "Tỉnh"),
        ({"do": "kinds", "establishment": "TS-001", "from": "2026-01-01", "kinds": ["casino"]}, "kinds", "casino"),
        ({"do": "kinds", "establishment": "TS-001", "from": "2026-01-01", "kinds": []}, "kinds", "Ghi một"),
        ({"do": "operator", "establishment": "TS-001", "from": "2026-01-01", "operator": "x"}, "operator", "“x”"),
        ({"do": "merge", "into": "TS-001"}, "establishment", "một trong hai"),
        ({"do": "unmerge", "establishment": "TS-001"}, "establishment", "không gộp"),
        ({"do": "distinct", "other": "TS-001"}, "establishment", "một trong hai"),
        ({"do": "distinct", "establishment": "TS-001", "other": "TS-001"}, "other", "phải khác nhau"),
        ({"do": "distinct", "establishment": "TS-001"}, "other", "Chưa ghi"),
        ({"do": "correct", "inspection": "x", "changes": {"informed": 1}, "reason": "y"}, "inspection", "“x”"),
        ({"do": "confirm_list", "unit": "15664", "epoch": "old", "on": "2027-12-31"}, "on", "quá xa"),
        (
            {"do": "outside_check", "establishment": "TS-001", "agency": "A", "date": "2026-12-31"},
            "date",
            "sau hôm nay",
        ),
        ({"do": "fly"}, "do", "Không có việc “fly”"),
        ({}, "do", "Không có việc"),
    ],
)
def test_what_is_wrong_is_said_field_by_field_and_makes_no_item(central, place, apply, asked, field, words):
    before = central.one("SELECT count(*) FROM arrivals")

    answer = apply(**asked)

    assert (answer["receipt"], answer["standing"]) == (None, None)
    assert words in answer["problems"][field]
    assert central.one("SELECT count(*) FROM arrivals") == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"do": "correct", "changes": {"informed": -1}, "reason": "x"}, "changes.informed"),
        ({"do": "correct", "changes": {"nobody": 1}, "reason": "x"}, "changes.nobody"),
        ({"do": "correct", "changes": {"date": "2062-01-01"}, "reason": "x"}, "changes.date"),
        ({"do": "correct", "changes": {"outcome": "violations"}, "reason": "x"}, "changes.violations"),
        ({"do": "correct", "changes": {"void": True}, "reason": "x"}, "changes.void"),
        ({"do": "correct", "changes": {"informed": 1}}, "reason"),
        ({"do": "correct", "changes": [], "reason": "x"}, "changes"),
        ({"do": "void"}, "reason"),
        ({"do": "review", "review": "rejected"}, "comment"),
        ({"do": "review", "review": "fine"}, "review"),
    ],
)
def test_a_visit_is_not_changed_into_what_the_door_would_refuse(central, visit, apply, asked, field):
    answer = apply(inspection=visit, **asked)

    assert answer["standing"] is None
    assert field in answer["problems"]
    assert central.one("SELECT count(*) FROM aside") == 0


def test_one_bad_line_stops_no_other(central, place):
    lines = ["not json", "", "[1]", json.dumps({"do": "confirm_list", "unit": "15664", "on": "2026-10-15"})]

    answers = list(apply_lines(central.db, lines, author="test", at=AT))

    assert [answer["standing"] for answer in answers] == [None, None, "accepted"]
    assert "line" in answers[0]["problems"]


def test_what_lines_have_made_is_proved_by_verify(central, place, visit, apply):
    apply(do="status", establishment=place, **{"from": "2026-05-01"}, status="closed")
    apply(do="merge", establishment=place, into=central.place())
    apply(do="void", inspection=visit, reason="Lập nhầm")

    assert verify(central.db).problems == ()
