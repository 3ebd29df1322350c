"""Taking in batches: what is kept, how it stands, what is answered."""

import pytest

from schemas.ids import new_id
from schemas.items import name_of, read
from server.arrivals.ingest import receipt_of
from server.arrivals.verify import verify
from sync.chain import Receipt, walk
from tests.conftest import place_state


def standing(central, line):
    return receipt_of(central.db.conn, name_of(line)).present


def test_a_batch_is_answered_line_by_line_and_chained(central):
    laptop = central.laptop()
    place = central.place()

    taken = central.ingest(laptop.visit(place), laptop.visit(place), device=laptop.id)

    assert [answer.standing for answer in taken.answers] == ["accepted", "accepted"]
    assert taken.last == taken.first + 1
    assert walk(taken.before, taken.answers) == taken.after


def test_the_same_batch_twice_changes_nothing_and_gets_the_same_receipts(central):
    laptop, place = central.laptop(), central.place()
    lines = [laptop.visit(place), laptop.visit(place)]
    first = central.ingest(*lines, device=laptop.id)
    before = central.one("SELECT count(*) FROM arrivals")

    again = central.ingest(*lines, device=laptop.id)

    assert [(a.item, a.seq, a.standing) for a in again.answers] == [
        (a.item, a.seq, a.standing) for a in first.answers
    ]
    assert central.one("SELECT count(*) FROM arrivals") == before
    assert (again.first, again.last) == (0, 0)


def test_one_line_twice_in_one_batch_is_one_arrival(central):
    laptop, place = central.laptop(), central.place()
    line = laptop.visit(place)

    taken = central.ingest(line, line, device=laptop.id)

    assert taken.answers[0].seq == taken.answers[1].seq == taken.first == taken.last


def test_an_unreadable_line_is_kept_and_never_blocks_the_others(central):
    laptop, place = central.laptop(), central.place()
    rubbish = b"this is no item"

    taken = central.ingest(laptop.visit(place), rubbish, laptop.visit(place), device=laptop.id)

    assert taken.answers[1] == name_of(rubbish)
    assert [isinstance(answer, Receipt) for answer in taken.answers] == [True, False, True]
    assert central.one("SELECT line FROM unreadable WHERE hash = ?", name_of(rubbish)) == rubbish


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"outcome": "fine"}, "outcome"), ({"date": "2062-01-01"}, "date"), ({"violations": "many"}, "violations")],
)
def test_a_visit_that_breaks_a_rule_is_quarantined_and_names_the_field(central, changes, field):
    laptop, place = central.laptop(), central.place()

    (answer,) = central.ingest(laptop.visit(place, **changes), device=laptop.id).answers

    assert answer.standing == "quarantined"
    assert answer.detail["reason"] == "content"
    assert field in answer.detail["problems"]


def test_a_mended_visit_made_from_a_quarantined_one_is_accepted(central):
    laptop, place = central.laptop(), central.place()
    wrong = laptop.visit(place, outcome="fine")

    assert laptop.sends(wrong, laptop.visit(place, base=wrong, revision=2)) == ["quarantined", "accepted"]


def test_two_corrections_of_one_visit_stand_beside_each_other(central):
    laptop, place = central.laptop(), central.place()
    visit = laptop.visit(place)
    mine = laptop.visit(place, base=visit, revision=2, remark="một")
    theirs = laptop.visit(place, base=visit, revision=2, remark="hai")
    child = laptop.visit(place, base=theirs, revision=3)

    assert laptop.sends(visit, mine, theirs, child) == ["accepted", "accepted", "conflict", "conflict"]
    assert central.one("SELECT item FROM visits") == name_of(mine)
    assert central.one("SELECT count(*) FROM aside") == 2


def test_a_visit_waits_for_its_establishment_and_its_children_wait_with_it(central):
    from_elsewhere, laptop = central.laptop(), central.laptop()
    place = new_id()
    visit = laptop.visit(place)
    child = laptop.visit(place, base=visit, revision=2)

    assert laptop.sends(visit, child) == ["held", "held"]

    state = {
        "name": "Karaoke mới", "kind/1": {"from": "2026-01-01", "kind": "karaoke"},
        "place/1": {"from": "2026-01-01", "epoch": "new", "unit": "15664"},
        "status/1": {"from": "2026-01-01", "status": "open"},
    }  # fmt: skip
    made = from_elsewhere.line("establishment", place, {"set": state, "was": dict.fromkeys(state)})
    assert from_elsewhere.sends(made) == ["accepted"]

    assert (standing(central, visit), standing(central, child)) == ("accepted", "accepted")
    assert central.one("SELECT item FROM visits") == name_of(child)
    assert central.one("SELECT count(*) FROM feed WHERE commune = ?", f"device:{laptop.id}") == 2


def test_a_correction_of_a_held_visit_waits_for_it_also_where_its_own_place_is_known(central):
    laptop, known = central.laptop(), central.place()
    held = laptop.visit(new_id())
    child = laptop.visit(known, base=held, revision=2, reason="Sai cơ sở")

    assert laptop.sends(held, child) == ["held", "held"]
    assert central.one("SELECT count(*) FROM needs WHERE item = ? AND kind = 'item'", name_of(child)) == 1


def test_within_one_batch_order_does_not_matter_in_the_end(central):
    laptop, place = central.laptop(), central.place()
    visit = laptop.visit(place)
    child = laptop.visit(place, base=visit, revision=2)

    laptop.sends(child, visit)

    assert (standing(central, visit), standing(central, child)) == ("accepted", "accepted")
    assert verify(central.db).problems == ()


def test_a_receipt_never_changes_when_the_standing_does(central):
    laptop, place = central.laptop(), new_id()
    visit = laptop.visit(place)
    before = central.ingest(visit, device=laptop.id).answers[0]
    central.edit("establishment", place, dict(_state()))

    after = central.ingest(visit, device=laptop.id).answers[0]

    assert (after.seq, after.standing, after.detail) == (before.seq, "held", before.detail)
    assert after.present == "accepted"


def _state():
    return {
        "name": "Massage Ánh Dương",
        "kind/1": {"from": "2026-01-01", "kind": "massage"},
        "place/1": {"from": "2026-01-01", "epoch": "new", "unit": "15664"},
        "status/1": {"from": "2026-01-01", "status": "open"},
    }


def test_a_laptop_that_writes_outside_its_area_is_kept_and_quarantined_for_right(central):
    laptop, place = central.laptop(), central.place("new:15682")

    (answer,) = central.ingest(laptop.visit(place), device=laptop.id).answers

    assert (answer.standing, answer.detail) == ("quarantined", {"reason": "right"})


def test_what_a_revoked_laptop_sends_is_kept_and_quarantined_for_right(central):
    laptop, place = central.laptop(), central.place()
    central.edit("device", laptop.id, {"revoked_on": "2026-11-01"})

    assert laptop.sends(laptop.visit(place)) == ["quarantined"]


def test_a_laptop_cannot_make_what_only_the_office_makes(central):
    laptop = central.laptop()
    state = {"name": "x", "role": "admin", "epoch": "new", "area": "38"}

    assert laptop.sends(laptop.line("user", new_id(), {"set": state, "was": dict.fromkeys(state)})) == ["quarantined"]


def test_an_item_of_a_newer_program_is_kept_until_the_upgrade(central):
    laptop, place = central.laptop(), central.place()
    line = laptop.visit(place).replace(b'"schema":3', b'"schema":9')

    (answer,) = central.ingest(line, device=laptop.id).answers

    assert (answer.standing, answer.detail["reason"]) == ("quarantined", "schema")


def test_an_error_of_ours_keeps_the_item_under_a_reference_and_the_others_go_in(central, monkeypatch):
    laptop, place = central.laptop(), central.place()
    good, bad = laptop.visit(place), laptop.visit(place, remark="đổ")
    import server.arrivals.acting as module
    import server.arrivals.plain as bulk

    real, really = module.fold_arrival, bulk.write

    def falls_over(world, item, *rest):
        real(world, item, *rest)
        if item.body.get("remark") == "đổ":
            raise KeyError("a slip of ours")

    def falls_over_in_bulk(world, visits):
        really(world, visits)
        raise KeyError("the same slip, met in a run")

    monkeypatch.setattr(module, "fold_arrival", falls_over)
    monkeypatch.setattr(bulk, "write", falls_over_in_bulk)
    taken = central.ingest(bad, good, device=laptop.id)

    assert [answer.standing for answer in taken.answers] == ["quarantined", "accepted"]
    assert taken.answers[0].detail["reason"] == "server-fault"
    assert central.one("SELECT count(*) FROM visits") == 1
    assert walk(taken.before, taken.answers) == taken.after
    assert verify(central.db).problems == ()


def test_a_register_edit_that_did_not_see_the_present_value_is_in_conflict_field_by_field(central):
    laptop, place = central.laptop(), central.place()
    central.edit("establishment", place, {"name": "Tên của văn phòng"}, {"name": "Karaoke Đông Đô"})
    edit = {"set": {"name": "Tên của đội", "phone": "0912"}, "was": {"name": "Karaoke Đông Đô", "phone": None}}

    assert laptop.sends(laptop.line("establishment", place, edit)) == ["conflict"]

    assert central.one("SELECT name FROM establishments") == "Tên của văn phòng"
    assert '"phone":"0912"' in central.one("SELECT state FROM things WHERE id = ?", place)
    assert central.one("SELECT path FROM field_conflicts") == "name"


def test_later_edits_of_the_same_laptop_to_a_field_in_conflict_join_it(central):
    laptop, place = central.laptop(), central.place()
    central.edit("establishment", place, {"name": "B"}, {"name": "Karaoke Đông Đô"})
    first = laptop.line("establishment", place, {"set": {"name": "C"}, "was": {"name": "Karaoke Đông Đô"}})
    second = laptop.line("establishment", place, {"set": {"name": "D"}, "was": {"name": "B"}})

    assert laptop.sends(first, second) == ["conflict", "conflict"]
    assert central.one("SELECT name FROM establishments") == "B"


def test_merging_in_a_circle_is_refused(central):
    one, other = central.place(), central.place()
    assert central.edit("establishment", one, {"merged_into": other}).standing == "accepted"

    assert central.edit("establishment", other, {"merged_into": one}).standing == "quarantined"


def test_a_circle_is_refused_also_where_it_closes_in_the_middle_of_a_chain(central):
    one, middle, last = central.place(), central.place(), central.place()
    central.edit("establishment", one, {"merged_into": middle})
    central.edit("establishment", middle, {"merged_into": last})

    for into in (one, middle):
        receipt = central.edit("establishment", middle, {"merged_into": into}, {"merged_into": last})
        assert receipt.standing == "quarantined"
    assert verify(central.db).problems == ()


def test_a_hole_in_a_run_is_seen(central):
    laptop, place = central.laptop(), central.place()
    lines = [laptop.visit(place) for _ in range(3)]

    laptop.sends(lines[0], lines[2])

    assert central.db.conn.execute("SELECT last_seq, items FROM runs WHERE device = ?", (laptop.id,)).fetchone() == (
        3,
        2,
    )


def test_arrivals_are_never_changed_or_removed(central):
    for statement in ("UPDATE arrivals SET standing = 'declined'", "DELETE FROM arrivals"):
        with pytest.raises(Exception, match="arrivals are never"):
            central.db.conn.execute(statement)


def test_verify_finds_a_changed_byte_a_broken_chain_and_a_projection_that_strayed(central):
    laptop, place = central.laptop(), central.place()
    visit = laptop.visit(place)
    laptop.sends(visit)
    assert verify(central.db).problems == ()

    central.db.conn.execute("UPDATE visits SET violations = 5")
    assert any("visits" in problem for problem in verify(central.db).problems)

    central.db.conn.execute("UPDATE items SET line = ? WHERE name = ?", (b"{}", read(visit).name))
    assert any("không còn như khi nhận" in problem for problem in verify(central.db).problems)


def test_a_visit_in_another_devices_name_is_never_held_and_never_accepted(central):
    laptop = central.laptop()
    office = central.one("SELECT value FROM meta WHERE key = 'office_device'")
    place = new_id()
    forged = laptop.visit(place).replace(laptop.id.encode(), office.encode())

    assert laptop.sends(forged) == ["quarantined"]
    central.edit("establishment", place, _state())

    assert standing(central, forged) == "quarantined"
    assert central.one("SELECT count(*) FROM visits") == 0


def test_a_device_that_nobody_enrolled_may_write_about_nothing(central):
    place = central.place()
    stranger = central.laptop()
    stranger.id = new_id()

    assert stranger.sends(stranger.visit(place)) == ["quarantined"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"device_seq":1', b'"device_seq":1180591620717411303424'),
        (b'"outcome":"no_violation"', b'"outcome":"no_violation","revision":1180591620717411303424'),
        (b'"outcome":"no_violation"', b'"outcome":"\\ud800"'),
        (b'"basis":"planned"', b'"basis":"planned","\\ud800":1'),
        (b'"author":"', b'"author":"\\ud800'),
        (b'"date":"2026-11-05"', b'"date":"\\ud800"'),
        (b'"date":"2026-11-05"', b'"date":["2026-11-05"]'),
        (b'"answers":', b'"answers":'),
        (b'"members":[', b'"members":[[],'),
    ],
)
def test_no_line_however_odd_keeps_the_others_of_its_batch_out(central, old, new):
    laptop, place = central.laptop(), central.place()
    odd = laptop.visit(place).replace(old, new)
    good = laptop.visit(place)

    standings = laptop.sends(odd, good)

    assert standings[1] == "accepted"
    assert standings[0] in {"quarantined", "unreadable", "accepted"}
    assert laptop.sends(odd, good) == standings
    assert verify(central.db).problems == ()


def test_an_establishment_named_with_a_lone_surrogate_is_kept_and_named_as_wrong(central):
    laptop, place = central.laptop(), central.place()
    odd = laptop.visit(place).replace(place.encode(), b"\\ud800")

    assert laptop.sends(odd) == ["quarantined"]


def test_an_item_longer_than_the_limit_is_kept_and_says_so(central):
    laptop, place = central.laptop(), central.place()
    long = laptop.visit(place, remark="").replace(b'"remark":""', b'"remark":"' + b"a" * 300_000 + b'"')

    (answer,) = central.ingest(long, device=laptop.id).answers

    assert answer.standing == "quarantined"
    assert "KB" in answer.detail["problems"]["body"]


def test_after_an_error_of_ours_the_next_item_of_the_batch_stands_where_it_would_have(central, monkeypatch):
    laptop = central.laptop()
    import server.arrivals.acting as module

    place = new_id()
    made = laptop.line("establishment", place, {"set": _state(), "was": dict.fromkeys(_state())})
    real = module.fold_arrival

    def falls_over(world, item, *rest):
        real(world, item, *rest)
        if item.kind == "establishment":
            raise KeyError("a slip of ours")

    monkeypatch.setattr(module, "fold_arrival", falls_over)
    standings = laptop.sends(made, laptop.visit(place))

    assert standings == ["quarantined", "held"]
    assert verify(central.db).problems == ()


def test_a_unit_that_would_lie_in_one_no_higher_than_itself_is_refused(central):
    state = {"name": "Xã lạ", "level": "commune", "parent": "15664"}

    assert central.edit("unit", "new:99999", state).standing == "quarantined"
    assert central.edit("unit", "new:99999", {**state, "parent": "38"}).standing == "accepted"


def test_an_error_of_ours_with_what_was_held_does_not_stop_the_batch_that_it_waited_for(central, monkeypatch):
    laptop, place = central.laptop(), new_id()
    held = laptop.visit(place)
    assert laptop.sends(held) == ["held"]

    import server.arrivals.acting as module

    real = module.fold_arrival

    def falls_over(world, item, *rest):
        if item.kind == "inspection":
            raise KeyError("a slip of ours")
        real(world, item, *rest)

    monkeypatch.setattr(module, "fold_arrival", falls_over)
    receipt = central.edit("establishment", place, place_state())

    assert receipt.standing == "accepted"
    assert central.one("SELECT standing FROM items WHERE name = ?", name_of(held)) == "quarantined"
    assert "server-fault" in central.one("SELECT detail FROM arrivals WHERE first = 0")
    assert verify(central.db).problems == ()
