"""What goes down to a laptop: its part of the world, in order, and nothing else."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from server.arrivals import feed
from server.arrivals.verify import verify
from server.export import scope
from server.office import Change, make
from sync.wire import Cursor, Page

HERE, THERE = "new:15664", "new:15682"
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def pull(central, laptop, unit=HERE, after=""):
    """Return everything after *after*, and the cursor at the end."""
    conn = central.db.conn
    keys = feed.scope_keys(conn, laptop.id, unit)
    changes = []
    while True:
        page: Page = feed.page(conn, keys, laptop.id, after, at="")
        changes += page.changes
        after = page.cursor
        if not page.more:
            return changes, after


def kept(changes):
    """Return what a laptop that took *changes* holds, as (kind, id)."""
    held = set()
    for change in changes:
        (held.discard if change.gone else held.add)((change.kind, change.id))
    return {thing for thing in held if thing[0] in {"establishment", "operator", "inspection", "team"}}


def expected(central, laptop):
    """Return what the server's own query of that scope says, as (kind, id)."""
    return {(row["kind"], row["id"]) for row in map(json.loads, scope(central.db.conn, laptop.id))}


def test_a_laptop_gets_its_own_area_and_nothing_of_the_next(central):
    laptop, elsewhere = central.laptop(HERE), central.laptop(THERE)
    here, there = central.place(HERE), central.place(THERE)
    laptop.sends(laptop.visit(here))
    elsewhere.sends(elsewhere.visit(there))

    changes, _ = pull(central, laptop)

    assert {thing for thing in kept(changes) if thing[0] == "establishment"} == {("establishment", here)}
    assert kept(changes) == expected(central, laptop)


def test_after_the_last_page_there_is_nothing_more(central):
    laptop = central.laptop()
    central.place()
    _, cursor = pull(central, laptop)

    assert pull(central, laptop, after=cursor) == ([], cursor)


def test_only_what_changed_comes_down_again(central):
    laptop = central.laptop()
    one, _ = central.place(), central.place()
    _, cursor = pull(central, laptop)

    central.edit("establishment", one, {"name": "Tên mới"}, {"name": "Karaoke Đông Đô"})

    changes, _ = pull(central, laptop, after=cursor)
    assert [(change.kind, change.id) for change in changes] == [("establishment", one)]


def test_a_place_that_moves_away_takes_its_visits_with_it_and_comes_in_elsewhere(central):
    laptop, elsewhere = central.laptop(HERE), central.laptop(THERE)
    place = central.place(HERE)
    laptop.sends(laptop.visit(place))
    before, cursor = pull(central, laptop)
    there, there_cursor = pull(central, elsewhere, THERE)

    moved = {"place/2": {"from": "2026-11-10", "to": None, "epoch": "new", "unit": "15682", "address": "Chợ"}}
    central.edit("establishment", place, moved)

    assert ("establishment", place) not in kept([*before, *pull(central, laptop, after=cursor)[0]])
    arrived = kept([*there, *pull(central, elsewhere, THERE, there_cursor)[0]])
    assert ("establishment", place) in arrived
    assert arrived == expected(central, elsewhere)


def test_a_laptop_keeps_its_own_visits_whatever_its_area(central):
    laptop = central.laptop(HERE)
    place = central.place(HERE)
    visit = laptop.visit(place)
    laptop.sends(visit)
    central.edit(
        "establishment", place, {"place/2": {"from": "2026-11-10", "epoch": "new", "unit": "15682"}}
    )

    assert any(kind == "inspection" for kind, _ in expected(central, laptop))


def test_a_place_of_a_split_commune_is_seen_by_both_halves(central):
    split = next(key for key in feed.unit_tree(central.db.conn).communes("old:38") if _split(central, key))
    halves = feed.unit_tree(central.db.conn).successors(split)
    place = central.place(split)

    for half in halves:
        laptop = central.laptop(half)
        assert ("establishment", place) in kept(pull(central, laptop, half)[0])
        assert kept(pull(central, laptop, half)[0]) == expected(central, laptop)


def _split(central, key):
    return feed.unit_tree(central.db.conn).is_split(key)


def test_a_split_place_that_is_decided_leaves_the_other_half_only(central):
    tree = feed.unit_tree(central.db.conn)
    split = next(key for key in tree.communes("old:38") if tree.is_split(key))
    stays, leaves = tree.successors(split)[:2]
    place = central.place(split)
    laptops = {half: central.laptop(half) for half in (stays, leaves)}
    province = central.laptop("new:38")
    seen = {half: pull(central, laptop, half) for half, laptop in laptops.items()}
    seen_by_all = pull(central, province, "new:38")

    decided = {"place/2": {"from": "2025-07-01", "epoch": "new", "unit": stays.partition(":")[2]}}
    central.edit("establishment", place, decided)

    for half, laptop in laptops.items():
        held = kept([*seen[half][0], *pull(central, laptop, half, seen[half][1])[0]])
        assert (("establishment", place) in held) is (half == stays)
    held = kept([*seen_by_all[0], *pull(central, province, "new:38", seen_by_all[1])[0]])
    assert ("establishment", place) in held
    assert verify(central.db).problems == ()


def test_the_same_operator_comes_with_its_places(central):
    from schemas.ids import new_id

    laptop, operator = central.laptop(HERE), new_id()
    central.edit("operator", operator, {"name": "Lê Thị Thủy", "form": "household"})
    assert ("operator", operator) not in kept(pull(central, laptop)[0])

    central.place(HERE, **{"operator/1": {"from": "2019-01-01", "operator": operator}})

    assert ("operator", operator) in kept(pull(central, laptop)[0])
    assert kept(pull(central, laptop)[0]) == expected(central, laptop)


def test_an_operator_without_a_place_is_sent_to_nobody(central):
    from schemas.ids import new_id

    laptop, operator = central.laptop(HERE), new_id()
    state = {"name": "Lê Thị Thủy", "form": "household"}
    laptop.sends(laptop.line("operator", operator, {"set": state, "was": dict.fromkeys(state)}))

    assert kept(pull(central, laptop)[0]) == expected(central, laptop) == set()


def test_a_place_moves_each_time_that_it_is_decided_anew_what_became_of_its_commune(central):
    lost = "old:99001"
    central.edit("unit", lost, {"name": "Xã chưa rõ", "level": "commune"})
    place = central.place(lost)

    def decide(after, was):
        central.edit("unit", lost, {"successors": after}, {"successors": was})
        rows = central.db.conn.execute("SELECT commune FROM placements WHERE establishment = ?", (place,))
        return {row[0] for row in rows}

    assert decide(["15664"], None) == {HERE}
    laptop = central.laptop(HERE)
    before, cursor = pull(central, laptop)
    assert ("establishment", place) in kept(before)

    assert decide(["15682"], ["15664"]) == {THERE}
    with pytest.raises(feed.OtherScope):  # it follows another map by now
        pull(central, laptop, after=cursor)
    assert ("establishment", place) not in kept(pull(central, laptop)[0])
    assert verify(central.db).problems == ()


def test_pages_are_cut_where_they_grow_long_and_nothing_is_missed(central, monkeypatch):
    monkeypatch.setattr(feed, "PAGE_THINGS", 3)
    laptop = central.laptop()
    places = {central.place() for _ in range(8)}

    changes, _ = pull(central, laptop)

    assert {change.id for change in changes if change.kind == "establishment"} == places


ENDLESS = urlsafe_b64encode(b"[" * 100_000).decode()
HUGE = Cursor("x", 10**30, 10**30, "x").text()


@pytest.mark.parametrize("cursor", ["rubbish", "W10=", "MQ==", "WyJvdGhlciIsIDEsIDEsICJ4Il0=", ENDLESS, HUGE])
def test_a_cursor_of_another_history_is_not_read(central, cursor):
    with pytest.raises(feed.LostHistory):
        feed.page(central.db.conn, frozenset(), "device", cursor, at="")


def test_a_server_that_lost_its_latest_arrivals_does_not_hold_the_cursor(central, new_central):
    laptop = central.laptop()
    _, cursor = pull(central, laptop)
    older = new_central("older")  # as restored from a backup made before that laptop was enrolled

    with pytest.raises(feed.LostHistory):
        feed.page(older.db.conn, frozenset(), laptop.id, cursor, at="")


def test_a_laptop_that_follows_another_area_by_now_is_told_to_begin_anew(central):
    laptop = central.laptop(HERE)
    _, cursor = pull(central, laptop)
    pull(central, laptop, after=cursor)

    with pytest.raises(feed.OtherScope):
        pull(central, laptop, unit=THERE, after=cursor)


def test_a_place_still_on_the_old_map_is_in_the_area_of_its_new_commune(central):
    laptop = central.laptop(HERE)
    old = feed.unit_tree(central.db.conn).predecessors(HERE)[0]

    place = central.place(old)

    assert ("establishment", place) in kept(pull(central, laptop)[0]) & expected(central, laptop)


def test_an_operator_with_places_in_two_communes_stays_when_one_of_them_leaves(central):
    from schemas.ids import new_id

    province, operator = central.laptop("new:38"), new_id()
    far = next(key for key in feed.unit_tree(central.db.conn).communes("new:01"))
    central.edit("operator", operator, {"name": "Lê Thị Thủy", "form": "household"})
    run_by = {"operator/1": {"from": "2019-01-01", "operator": operator}}
    leaving = central.place(HERE, **run_by)
    central.place(THERE, **run_by)
    before, cursor = pull(central, province, "new:38")

    epoch, _, code = far.partition(":")
    central.edit("establishment", leaving, {"place/2": {"from": "2026-11-10", "epoch": epoch, "unit": code}})

    held = kept([*before, *pull(central, province, "new:38", cursor)[0]])
    assert ("operator", operator) in held
    assert held == expected(central, province)


def test_an_outside_check_goes_with_its_place(central):
    from schemas.ids import new_id

    elsewhere, check = central.laptop(THERE), new_id()
    place = central.place(HERE)
    body = {"establishment": place, "agency": "Công an tỉnh", "date": "2026-05-01"}
    make(central.db, [Change("outside_check", check, body)], author="test", at=AT)

    central.edit("establishment", place, {"place/2": {"from": "2026-11-10", "epoch": "new", "unit": "15682"}})

    assert check in {change.id for change in pull(central, elsewhere, THERE)[0]}


def test_what_changed_elsewhere_is_looked_through_once(central):
    laptop = central.laptop()
    _, before = pull(central, laptop)
    central.place(THERE)

    changes, after = pull(central, laptop, after=before)

    assert changes == []
    assert Cursor.parse(after).pos == central.one("SELECT max(pos) FROM feed")
    here = central.place()
    assert ("establishment", here) in kept(pull(central, laptop, after=after)[0])


@pytest.mark.parametrize("few", [0, 400], ids=["rows picked out here", "by the database"])
def test_few_feeds_and_many_are_read_to_the_same_end(central, monkeypatch, few):
    monkeypatch.setattr(feed, "FEW", few)
    monkeypatch.setattr(feed, "PAGE_THINGS", 2)
    laptop = central.laptop(HERE)
    here = []
    for _ in range(7):
        here.append(central.place(HERE))
        central.place(THERE)
        laptop.sends(laptop.visit(here[-1]))

    changes, cursor = pull(central, laptop)

    assert [change.id for change in changes if change.kind == "establishment"] == here
    assert len([change for change in changes if change.kind == "inspection"]) == 7
    assert kept(changes) == expected(central, laptop)
    assert pull(central, laptop, after=cursor)[0] == []
