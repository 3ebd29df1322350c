"""The table of a return computed from `doi178-server export` alone: plain loops over its lines, nothing of the server.

Slow and simple on purpose: a day is walked to day by day, a unit is looked for from below.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

KINDS = ("karaoke", "dance_hall", "massage", "lodging", "other")
FIELDS = {"ND38": "culture", "ND144": "order", "ND282": "order", "ND106": "fire", "ND283": "labour", "ND45": "noise"}
CATALOGUE = Path(__file__).parents[4] / "schemas" / "data" / "violations.csv"
SUMS = ("fine_amount", "suspension_months", "informed")
Body = dict[str, Any]
Key = tuple[str, str]  # a commune, or "?" and the smallest sure unit; and a kind


class Export:
    """What an export says, by kind and id; of inspections and what was said of them every line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.things: dict[str, dict[str, Body]] = defaultdict(dict)
        self.lines: dict[str, list[tuple[str, str, Body]]] = defaultdict(list)
        for line in lines:
            one = json.loads(line)
            self.things[one["kind"]][one["id"]] = one["body"]
            self.lines[one["kind"]].append((one["id"], one["standing"], one["body"]))
        self.order = {(body["kind"], body["id"]): int(id) for id, _, body in self.lines["arrival"]}
        self.below: dict[str, list[str]] = defaultdict(list)
        self.other_map: dict[str, set[str]] = defaultdict(set)
        for key, unit in self.things["unit"].items():
            epoch = key.partition(":")[0]
            if unit.get("parent"):
                self.below[f"{epoch}:{unit['parent']}"].append(key)
            for code in unit.get("successors") or ():
                self.other_map[key].add(f"new:{code}")
                self.other_map[f"new:{code}"].add(key)

    def above(self, key: str) -> list[str]:
        """Return the unit and all above it."""
        found = [key]
        while self.things["unit"].get(found[-1], {}).get("parent"):
            found.append(f"{key.partition(':')[0]}:{self.things['unit'][found[-1]]['parent']}")
        return found

    def communes(self, key: str) -> list[str]:
        """Return the communes of a unit; a commune is its own."""
        if self.things["unit"][key]["level"] == "commune":
            return [key]
        return sorted(commune for child in self.below[key] for commune in self.communes(child))

    def sure(self, key: str, epoch: str) -> str:
        """Return the smallest unit of the asked map that holds all that *key* may be, empty where none does."""
        if key not in self.things["unit"]:
            return ""
        if key.startswith(epoch):
            return key
        roads = [self.other_map[commune] for commune in self.communes(key)]
        return self.smallest(set().union(*roads)) if all(roads) else ""

    def smallest(self, keys: set[str]) -> str:
        """Return the smallest unit that is above all of *keys*, or is the one."""
        lines = [self.above(key) for key in keys]
        return next((unit for unit in lines[0] if all(unit in line for line in lines)), "")

    def root(self, kind: str, id: str) -> str:
        """Follow merges to their end."""
        while self.things[kind].get(id, {}).get("merged_into"):
            id = self.things[kind][id]["merged_into"]
        return id

    def said(self, kind: str) -> Iterator[tuple[str, Body]]:
        """Yield what was said, in the order in which it arrived."""
        accepted = [(id, body) for id, standing, body in self.lines[kind] if standing == "accepted"]
        yield from sorted(accepted, key=lambda one: self.order[kind, one[0]])


def spans(state: Body, group: str) -> list[Body]:
    """Return the spans of a state, the earliest first."""
    found = [(value["from"], path, value) for path, value in state.items() if path.startswith(f"{group}/") and value]
    return [value for _, _, value in sorted(found, key=lambda one: one[:2])]


def holds(span: Body, day: str) -> bool:
    """Say whether a span has begun and, by its own last day, not ended."""
    return span["from"] <= day and (not span.get("to") or day <= span["to"])


def back(day: str, first: str) -> Iterator[str]:
    """Yield the days from *day* back to *first*."""
    at = date.fromisoformat(day)
    while at.isoformat() >= first:
        yield at.isoformat()
        at -= timedelta(days=1)


class Place:
    """A place: the surviving record, with the open days of all records that were merged into it."""

    def __init__(self, export: Export, root: str, members: list[str]) -> None:
        states = export.things["establishment"]
        self.root, self.state = root, states[root]
        self.chains = [spans(states[id], "status") for id in members]
        self.found_working: set[str] = set()

    def open_on(self, day: str) -> bool:
        """Say whether it was open: by the register, or because a visit found it working."""
        return day in self.found_working or any(self._says(chain, day) == "open" for chain in self.chains)

    def paused_on(self, day: str) -> bool:
        """Say whether its own record says that it is paused."""
        return self._says(spans(self.state, "status"), day) == "paused"

    def _says(self, chain: list[Body], day: str) -> str:
        begun = [span for span in chain if span["from"] <= day]
        return begun[-1]["status"] if begun and holds(begun[-1], day) else ""

    def stands(self, first: str, last: str) -> tuple[str, set[str]]:
        """Return unit and kinds on the last day, if it was open then; else on its last open day, if there was one."""
        day = next((day for day in back(last, first) if self.open_on(day)), last)
        places = spans(self.state, "place")
        at = ([span for span in places if span["from"] <= day] or places[:1])[-1:]
        return (f"{at[0]['epoch']}:{at[0]['unit']}" if at else ""), self._kinds(day)

    def _kinds(self, day: str) -> set[str]:
        every = spans(self.state, "kind")
        for at in back(day, min([day, *(span["from"] for span in every)])):
            found = {span["kind"] for span in every if holds(span, at)}
            if found:
                return found
        return {span["kind"] for span in every[:1]}


def counting_visits(export: Export) -> tuple[dict[str, Body], dict[str, Body], list[tuple[str, Body]]]:
    """Return the truth of every visit, the last review of each, and the visits that count."""
    truths: dict[str, Body] = {}
    for id, standing, body in export.lines["inspection"]:
        if standing == "accepted" and body.get("revision", 1) >= truths.get(id, {}).get("revision", 0):
            truths[id] = body
    reviews = {body["inspection"]: body for _, body in export.said("review")}
    counting = []
    for id, body in truths.items():
        review = reviews.get(id, {})
        quorum = len(body.get("members", ())) >= 3 or (
            review.get("review") == "accepted" and bool(review.get("comment", "").strip())
        )
        inspected = body["outcome"] in ("no_violation", "violations") and not body.get("void")
        if inspected and quorum and review.get("review") != "rejected":
            counting.append((id, body))
    return truths, reviews, counting


class Counting:
    """Counts one area and its days; only places of *kinds*, where some are asked for."""

    def __init__(self, export: Export, unit: str, first: str, last: str, kinds: Iterable[str] = KINDS) -> None:
        self.kinds = set(kinds)
        self.export, self.unit, self.first, self.last = export, unit, first, last
        self.epoch = unit.partition(":")[0]
        self.cells: dict[Key, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        self.at: dict[str, list[Key]] = {}
        self.truths, self.reviews, self.visits = counting_visits(export)
        self.places = self._places()
        self._count_places()
        self._count_visits()
        self._count_aside()
        self._count_decisions()
        self._count_repeats()
        self._count_tips()

    def put(self, keys: list[Key], column: str, id: str, adds: int = 1) -> None:
        for key in keys:
            self.cells[key][column][id] = adds

    def within(self, day: str) -> bool:
        return self.first <= day <= self.last

    def keys(self, unit: str, kinds: Iterable[str]) -> list[Key]:
        """Return the rows of a unit of the register under kinds; none where it is not surely in the area."""
        sure = self.export.sure(unit, self.epoch)
        if not sure or self.unit not in self.export.above(sure):
            return []
        wanted = self.kinds.intersection(kinds)
        if set(kinds) and not wanted:
            return []
        commune, kinds = self.export.things["unit"][sure]["level"] == "commune", wanted
        return [(sure if commune else f"?{sure}", kind) for kind in sorted(kinds) or ["unknown"]]

    def _places(self) -> dict[str, Place]:
        members: dict[str, list[str]] = defaultdict(list)
        for id in self.export.things["establishment"]:
            members[self.export.root("establishment", id)].append(id)
        places = {root: Place(self.export, root, ids) for root, ids in members.items()}
        for _, body in self.visits:
            if body.get("found_working") and self.within(body["date"]):
                places[self.export.root("establishment", body["establishment"])].found_working.add(body["date"])
        return places

    def _count_places(self) -> None:
        for root, place in self.places.items():
            self.at[root] = keys = self.keys(*place.stands(self.first, self.last))
            if place.open_on(self.last):
                self.put(keys, "places", root)
            elif place.paused_on(self.last):
                self.put(keys, "places", root)
                self.put(keys, "paused", root)
            if any(place.open_on(day) for day in back(self.last, self.first)):
                self.put(keys, "open", root)

    def _count_visits(self) -> None:
        codings = {body["violation"]: body["code"] for _, body in self.export.said("coding")}
        for id, body in self.visits:
            if not self.within(body["date"]):
                continue
            root = self.export.root("establishment", body["establishment"])
            keys, basis = self.at[root], body["basis"]
            was_open = any(self.places[root].open_on(day) for day in back(self.last, self.first))
            for column in ("visits", f"visits_{basis}"):
                self.put(keys, column, id)
            for column in ("inspected", f"inspected_{basis}") if was_open else ("not_open",):
                self.put(keys, column, root)
            if body.get("violations"):
                self.put(keys, "visits_with_violations", id)
                if was_open:
                    self.put(keys, "violating", root)
            for act in body.get("violations", ()):
                code = act.get("code") or codings.get(act["id"], "")
                field = FIELDS.get(code.split("-")[0], "other") if code else "uncoded"
                self.put(keys, "violations", f"{id}/{act['id']}")
                self.put(keys, f"violations_{field}", f"{id}/{act['id']}")
            if body.get("informed"):
                self.put(keys, "informed", id, body["informed"])
            if body.get("crime_signs"):
                self.put(keys, "crime_signs", id)
        self._count_files()

    def _count_files(self) -> None:
        handed: dict[str, Body] = {}
        for id in sorted(self.export.things["duty"]):
            body = self.export.things["duty"][id]
            if body["duty"] == "hand-over-file":
                handed[body["inspection"]] = body
        for id, body in self.visits:
            said = handed.get(id, {})
            if body.get("crime_signs") and said.get("done", True) and self.within(said.get("on", "")):
                self.put(self.at[self.export.root("establishment", body["establishment"])], "transferred", id)

    def _count_aside(self) -> None:
        """What waits, conflicts or is to be corrected, and what too few members made."""
        counting = {id for id, _ in self.visits}
        short = [
            body for id, body in self.truths.items()
            if id not in counting and body["outcome"] in ("no_violation", "violations") and not body.get("void")
            and len(body.get("members", ())) < 3 and self.reviews.get(id, {}).get("review") != "rejected"
        ]  # fmt: skip
        aside = [
            body for _, standing, body in self.export.lines["inspection"]
            if standing in ("held", "conflict", "quarantined")
        ]  # fmt: skip
        for number, body in enumerate([*short, *aside]):
            if self.within(body["date"]):
                keys = self.at[self.export.root("establishment", body["establishment"])]
                self.put(keys, "not_counted", f"line {number}")

    def _of_decision(self, state: Body) -> list[Key]:
        if state.get("establishment"):
            return self.at[self.export.root("establishment", state["establishment"])]
        run = self._run_by(self.export.root("operator", state["operator"]))
        stand = [self.places[root].stands(self.first, self.last) for root in run]
        sure = {self.export.sure(unit, self.epoch) for unit, _ in stand}
        unit = self.export.smallest(sure) if sure and all(sure) else ""
        same = {tuple(sorted(kinds)) for _, kinds in stand}
        return self.keys(unit, same.pop() if len(same) == 1 else ()) if unit else []

    def _run_by(self, operator: str) -> set[str]:
        """Return the places that an operator runs or ran."""
        return {
            self.export.root("establishment", id)
            for id, state in self.export.things["establishment"].items()
            for span in spans(state, "operator") if self.export.root("operator", span["operator"]) == operator
        }  # fmt: skip

    def _count_decisions(self) -> None:
        for id, state in self.export.things["decision"].items():
            if state.get("cancelled_on") or state["decided_on"] > self.last:
                continue
            keys = self._of_decision(state)
            done = state.get("remedies_done_on") or ""
            if (done or "remedies" in state.get("ordered", ())) and not "2" <= done <= self.last:
                self.put(keys, "remedies_pending", id)
            if self.within(state["decided_on"]):
                self._count_decision(keys, id, state)

    def _count_decision(self, keys: list[Key], id: str, state: Body) -> None:
        sanctions = {state.get("sanction"), *(state.get("sanctions") or {}).values()}
        self.put(keys, "decisions", id)
        if "warning" in sanctions:
            self.put(keys, "warnings", id)
        if "fine" in sanctions:
            self.put(keys, "fines", id)
            if state.get("amount") is None:
                self.put(keys, "fines_without_amount", id)
            else:
                self.put(keys, "fine_amount", id, state["amount"])
        for path, span in state.items():
            if path.startswith("suspension/") and span:
                what = f"{id}/{path.split('/')[1]}"
                self.put(keys, "suspensions", what)
                if span.get("from") and span.get("to"):
                    self.put(keys, "suspension_months", what, months_begun(span["from"], span["to"]))

    def _count_repeats(self) -> None:
        """Places whose operator repeated a sanctioned act, and has not been cleared of it by the last day."""
        decided: dict[str, list[tuple[str, str, Body]]] = defaultdict(list)
        for id, state in self.export.things["decision"].items():
            if not state.get("cancelled_on") and state["decided_on"] <= self.last:
                decided[self.export.root("operator", state["operator"])].append((state["decided_on"], id, state))
        for operator, found in decided.items():
            groups = repeats([state for _, _, state in sorted(found, key=lambda one: one[:2])], self.last, self.truths)
            for root in self._run_by(operator) if groups else ():
                state = self.places[root].state
                runs = [span for span in spans(state, "operator") if span["from"] <= self.last][-1:]
                status = [span["status"] for span in spans(state, "status") if holds(span, self.last)][-1:]
                if not runs or self.export.root("operator", runs[0]["operator"]) != operator or status == ["closed"]:
                    continue
                for sure in groups:
                    self.put(self.at[root], "repeat_places" if sure else "repeat_unsure", root)
                    if sure:
                        self.put(self.at[root], "repeat_operators", operator)

    def _count_tips(self) -> None:
        for id, state in self.export.things["tip"].items():
            if not self.within(state["received_on"]):
                continue
            keys = self.keys(f"{state['epoch']}:{state['unit']}", ())
            place = self.at.get(self.export.root("establishment", state.get("establishment") or ""), [])
            if keys and place and (place[0][0] == keys[0][0] or keys[0][0].startswith("?")):
                keys = place
            handled = state.get("handled_on") or "9"
            self.put(keys, "tips_received", id)
            if handled <= self.last:
                self.put(keys, "tips_handled", id)
                if handled <= state["due_on"]:
                    self.put(keys, "tips_in_time", id)


def later(day: str, months: int) -> str:
    """Return the same day *months* later, or the last of a shorter month."""
    at = date.fromisoformat(day)
    number = at.year * 12 + at.month - 1 + months
    for last in (at.day, 30, 29, 28):
        if last <= at.day:
            try:
                return date(number // 12, number % 12 + 1, last).isoformat()
            except ValueError:
                continue
    raise AssertionError(day)


def months_begun(first: str, last: str) -> int:
    """Count the months from one day to another, begun ones too."""
    months = 0
    while later(first, months) <= last:
        months += 1
    return months


def act_groups() -> dict[str, str]:
    """Return the act group of each code of the catalogue's file."""
    with CATALOGUE.open(encoding="utf-8") as file:
        return {row["code"]: row["act_group"] for row in csv.DictReader(file)}


def ends(state: Body) -> tuple[str, str]:
    """Return between which days a decision was carried out whole, or could no longer be enforced; none evades here."""
    limit, decided = later(state["decided_on"], 12), state["decided_on"]
    ordered = {part for part in ("main", "additional", "remedies")
               if part in state.get("ordered", ()) or state.get(f"{part}_done_on")}  # fmt: skip
    suspended = [span for path, span in state.items() if path.startswith("suspension/") and span]
    ordered |= {"additional"} if suspended else set()
    ordered |= {"main"} if "fine" in (state["sanction"], *(state.get("sanctions") or {}).values()) else set()
    found = []
    for part in sorted(ordered):
        done = state.get(f"{part}_done_on") or ""
        if not done and part == "additional" and suspended and all(span.get("to") for span in suspended):
            done = max(span["to"] for span in suspended)
        found.append(_ends_of(part, done, (decided, limit)))
    if "main" not in ordered:
        found.append(_ends_of("main", state.get("delivered_on") or "", (decided, limit)))
    return max(one[0] for one in found), max(one[1] for one in found)


def _ends_of(part: str, done: str, days: tuple[str, str]) -> tuple[str, str]:
    decided, limit = days
    if done == "no":
        return limit, limit
    if not done:
        return decided, limit
    done = max(done, decided)
    if done <= limit or part == "additional":
        return done, done
    return (limit, limit) if part == "remedies" else (limit, done)


def opened(decisions: list[Body], group: str, code: str) -> list[tuple[Body, list[list[str]]]]:
    """Return, of each decision on a group, the days that it surely and perhaps makes a repeat: [from, to, answer]."""
    groups, found = act_groups(), []
    for state in decisions:
        each = state.get("sanctions") or {}
        kinds = {each.get(one) or state["sanction"] for one in state["codes"]
                 if (groups.get(one) == group if group else one == code)} - {"none"}  # fmt: skip
        if kinds:
            months, (first, last) = (12 if "fine" in kinds else 6), ends(state)
            days = [[state["decided_on"], later(first, months), "sure"]]
            if later(first, months) < later(last, months):
                days.append([later(first, months), later(last, months), "perhaps"])
            found.append((state, days))
    for place, (_, own) in enumerate(found):
        for newer, _ in found[place + 1 :]:
            if own[-1][1] < newer["decided_on"]:
                committed = newer.get("committed_on")
                inside = next((answer for first, last, answer in own if committed and first <= committed < last), "")
                if not committed and later(newer["decided_on"], -24) < own[-1][1]:
                    inside = "perhaps"
                if inside:
                    own.append([own[-1][1], newer["decided_on"], inside])
    return found


def repeats(decisions: list[Body], day: str, truths: dict[str, Body]) -> list[bool]:
    """Return, for each group in which a sanctioned act repeated an earlier one and is not cleared: whether surely."""
    groups, found = act_groups(), {}
    for place, state in enumerate(decisions):
        for code in state["codes"]:
            group = groups.get(code, "")
            sanction = (state.get("sanctions") or {}).get(code) or state["sanction"]
            if not group or sanction == "none":
                continue
            committed = state.get("committed_on") or truths.get(state.get("inspection") or "", {}).get("date", "")
            earlier = [
                (first, last, answer) for one, days in opened(decisions[:place], group, code)
                if not (state.get("inspection") and one.get("inspection") == state["inspection"])
                for first, last, answer in days
            ]  # fmt: skip
            answers = {answer for first, last, answer in earlier if committed and first <= committed < last}
            if not committed and any(last > later(state["decided_on"], -24) for _, last, _ in earlier):
                answers = {"perhaps"}
            own = next((days for one, days in opened(decisions, group, code) if one is state), [])
            today = next((answer for first, last, answer in own if first <= day < last), "")
            if answers and today:
                found[group] = "sure" in answers and today == "sure"
    return list(found.values())


def cell(now: dict[str, int], before: dict[str, int], column: str) -> tuple[Any, ...]:
    """Return value, value before, difference, and the ids of both."""
    value, was = (sum(one.values()) if column in SUMS else len(one) for one in (now, before))
    return value, was, value - was, sorted(now), sorted(before)


def share(now: tuple[int, int], before: tuple[int, int]) -> tuple[Any, ...]:
    """Return tenths of a percent, half up: of now, of the year before, and the exact change."""
    exact = [Fraction(1000 * part, whole) if whole else None for part, whole in (now, before)]
    change = exact[0] - exact[1] if exact[0] is not None and exact[1] is not None else None
    return (*(None if one is None else int(one + Fraction(1, 2)) for one in exact),
            None if change is None else (change + Fraction(1, 2)).__floor__())  # fmt: skip
