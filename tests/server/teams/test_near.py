"""The teams of units, found by an index of where they are: the same as by reading every team."""

import pytest

from server.arrivals.world import unit_tree
from server.office import things
from server.pages.areas import inside, units_around, units_inside
from server.teams.near import renewed_by, states_at, teams_at, teams_near

PROVINCE, COMMUNE, OLD = "new:38", "new:15664", "old:38"


@pytest.fixture
def teams(office):
    """Teams of the country's units on both maps, by id."""
    areas = [PROVINCE, COMMUNE, "new:16522", "new:01", OLD, "old:393", "old:15664"]
    for area in areas:
        epoch, _, code = area.partition(":")
        level = "province" if area in (PROVINCE, OLD) else "commune"
        office.enter("team", {"name": f"Đội {area}", "level": level, "epoch": epoch, "area": code})
    return things(office.db.conn, "team")


@pytest.mark.parametrize("area", [PROVINCE, COMMUNE, OLD, "old:393"])
def test_they_are_those_whose_area_lies_within(office, teams, area):
    conn, tree = office.db.conn, unit_tree(office.db.conn)
    where = {id: f"{state['epoch']}:{state['area']}" for id, state in teams.items()}
    within = {id for id, unit in where.items() if inside(tree, area, unit)}
    around = {id for id, unit in where.items() if inside(tree, unit, area)}
    near = within | {id for id, unit in where.items() if unit in (area, *tree.ancestors(area))}

    assert within and around
    assert teams_at(conn, units_inside(tree, area)).keys() == within
    assert teams_at(conn, units_around(tree, area)).keys() == around
    assert states_at(conn, units_inside(tree, area)) == {id: teams[id] for id in within}
    assert teams_near(conn, tree, area) == sorted(
        ((id, teams[id]["name"]) for id in near), key=lambda team: team[1]
    ), "their names sort alike"


@pytest.mark.parametrize(
    ("index", "asked"),
    [("things_of_teams", "json_extract(state, '$.epoch') || ':' || json_extract(state, '$.area')"),
     ("things_that_renew", "json_extract(state, '$.renews')")],
)  # fmt: skip
def test_no_team_is_read_but_those_that_are_found(office, teams, index, asked):
    query = f"EXPLAIN QUERY PLAN SELECT id FROM things WHERE kind = 'team' AND {asked} IN ('new:38', 'new:01')"
    plan = office.db.conn.execute(query).fetchall()

    assert [row[3] for row in plan] == [f"SEARCH things USING INDEX {index} (kind=? AND <expr>=?)"]


def test_a_team_is_found_by_the_one_that_was_set_up_in_its_place(office, teams):
    first, second, *others = teams
    state = {"name": "Đội sau", "level": "commune", "epoch": "new", "area": "16522", "renews": first}
    office.enter("team", state)
    [after] = things(office.db.conn, "team").keys() - teams.keys()

    assert renewed_by(office.db.conn, [first, second, *others]) == {first: after}
