"""Who goes and when: another team than last time where another could go, nobody beyond the most, all months used."""

from collections import Counter

from server.planning.draw import Chosen
from server.planning.points import Known, Scored
from server.planning.turns import Team, turns

HERE = frozenset({"new:1"})
LOCAL, NEAR = (Team(id, id, "commune", HERE) for id in ("local", "near"))
ABOVE = Team("above", "above", "province", frozenset({"new:1", "new:2"}))
WHOLE_YEAR = {"most": 100, "year": 2027, "from_month": 1, "seed": "s"}


def chosen(*last_teams, unit="new:1"):
    return [Chosen(Scored(Known(f"{n}", unit, (), last_team=team)), "points") for n, team in enumerate(last_teams)]


def dealt(places, teams, where=HERE, **more):
    return turns(places, dict.fromkeys((one.scored.known.id for one in places), where), teams, **WHOLE_YEAR | more)


def test_who_was_there_last_does_not_go_again_where_another_could():
    assert [turn.team for turn in dealt(chosen("local", "near"), [LOCAL, NEAR])] == ["near", "local"]


def test_who_is_nearest_goes_first_then_who_is_above():
    assert [turn.team for turn in dealt(chosen("", "local"), [ABOVE, LOCAL])] == ["local", "above"]


def test_where_nobody_else_could_go_the_same_team_goes_again_and_it_is_said():
    (turn,) = dealt(chosen("local"), [LOCAL])

    assert (turn.team, turn.again) == ("local", True)


def test_a_full_team_is_given_no_more_and_what_is_left_has_none():
    found = dealt(chosen("", "", ""), [LOCAL], most=2)

    assert Counter(turn.team for turn in found) == {"local": 2, "": 1}


def test_what_a_team_has_already_counts():
    assert dealt(chosen(""), [Team("local", "", "commune", HERE, given=2)], most=2)[0].team == ""


def test_a_place_that_one_team_only_may_visit_is_not_crowded_out_by_the_others():
    places = chosen("local", "")
    where = {"0": HERE, "1": frozenset({"new:2"})}

    found = turns(places, where, [LOCAL, ABOVE], **WHOLE_YEAR | {"most": 1})

    assert [turn.team for turn in found] == ["local", "above"]


def test_a_place_that_may_stand_in_two_communes_is_for_a_team_of_both():
    assert dealt(chosen(""), [LOCAL, ABOVE], where=frozenset({"new:1", "new:2"}))[0].team == "above"


def test_the_places_of_a_commune_are_spread_over_the_year():
    windows = Counter((turn.month_from, turn.month_to) for turn in dealt(chosen(*[""] * 8), [LOCAL]))

    assert windows == {("2027-01", "2027-03"): 2, ("2027-04", "2027-06"): 2, ("2027-07", "2027-09"): 2,
                       ("2027-10", "2027-12"): 2}  # fmt: skip


def test_months_that_have_passed_are_given_to_nobody():
    windows = {(turn.month_from, turn.month_to) for turn in dealt(chosen(*[""] * 8), [LOCAL], from_month=8)}

    assert windows == {("2027-08", "2027-09"), ("2027-10", "2027-12")}
