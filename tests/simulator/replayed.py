"""The rules of docs/sync.md 9, written here a second time, and every arrival replayed by them."""

import json
from collections import defaultdict
from typing import Any

from schemas.items import REGISTER_KINDS, read
from sync.merge import overlaps, prevailing, side_by_side
from tests.simulator.differences import same
from tests.simulator.ends import CentralEnd


def every_visit_stands_where_the_rule_says(central: CentralEnd) -> None:
    """Replay every visit by the table of 9.1."""
    standing: dict[str, str] = {}
    truth: dict[str, str] = {}
    rows = central.all(
        "SELECT arrivals.seq, arrivals.standing, arrivals.detail, items.name, items.id, items.base FROM arrivals"
        "  JOIN items ON items.name = arrivals.item WHERE items.kind = 'inspection' ORDER BY arrivals.seq"
    )
    for seq, said, detail, name, id, base in rows:
        settled = "settled" in (json.loads(detail) if detail else {})
        if not settled and said in {"accepted", "conflict"}:
            right = _standing(base, truth.get(id), standing.get(base))
            assert said == right, f"arrival {seq} of visit {id} stands as {said}, and should as {right}"
        standing[name] = said
        if said == "accepted":
            truth[id] = name
    same("truths", dict(map(tuple, central.all("SELECT id, item FROM visits"))), truth)


def _standing(base: str | None, truth: str | None, of_base: str | None) -> str:
    if base and of_base in {None, "held"}:
        return "held"
    return "accepted" if base == truth or (truth is None and of_base == "quarantined") else "conflict"


def truths_are_chains(central: CentralEnd) -> None:
    """Of each visit the accepted revisions are one chain that ends in the truth; an erased one may stand between."""
    items: dict[str, dict[str, tuple[str | None, str]]] = defaultdict(dict)
    for id, name, base, standing in central.all(
        "SELECT id, name, base, standing FROM items WHERE kind = 'inspection' AND standing IN ('accepted', 'erased')"
    ):
        items[id][name] = (base, standing)
    accepted = {id: {name for name, (_, said) in found.items() if said == "accepted"} for id, found in items.items()}
    truths = dict(map(tuple, central.all("SELECT id, item FROM visits")))
    assert truths.keys() == {id for id, names in accepted.items() if names}
    for id, truth in truths.items():
        chain, at = set(), truth
        while at in items[id]:
            chain.add(at)
            at = items[id][at][0]
        assert accepted[id] <= chain, f"visit {id} has two truths"
        assert truth in accepted[id], f"the truth of visit {id} is erased"


def no_edit_overwrote_what_it_did_not_see(central: CentralEnd) -> None:
    """Replay every edit by the rule of 9.2."""
    states: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    disputed: dict[tuple[str, str, str, str], Any] = {}
    paths: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)  # in which fields an item is in conflict
    without_words = {(kind, id) for kind, id in central.all("SELECT kind, id FROM items WHERE standing = 'erased'")}
    rows = central.all(
        "SELECT arrivals.standing, arrivals.detail, line FROM arrivals JOIN items ON items.name = arrivals.item"
        " WHERE arrivals.standing IN ('accepted', 'conflict') AND length(line) > 0 ORDER BY arrivals.seq"
    )
    for standing, detail, line in rows:
        item = read(line)
        if item.kind == "settlement":
            _settle(item.body, paths[item.body["item"]], disputed, states)
        if item.kind not in REGISTER_KINDS or (item.kind, item.id) in without_words:
            continue
        if "settled" in (json.loads(detail) if detail else {}):
            continue
        state, fresh = states[item.kind, item.id], {}
        aside = json.loads(detail)["fields"] if standing == "conflict" else ()
        for path, value in item.body["set"].items():
            now, was = state.get(path), item.body["was"][path]
            one = (item.kind, item.id, path, item.device)
            what = f"{item.kind} {item.id} {path}"
            if path in aside:
                unseen = now != was or overlaps(state, fresh, path, value)
                assert now != value and (unseen or one in disputed), f"{what}: a conflict about nothing"
                disputed[one] = value
                paths[item.name].append(one)
                continue
            assert now in (was, value), f"{what}: {now} was overwritten"
            assert now == value or one not in disputed, f"{what}: {now} was in dispute with {item.device}"
            fresh[path] = value
        state |= fresh
    right = {key: {path: value for path, value in state.items() if value is not None} for key, state in states.items()}
    held = {(kind, id): json.loads(state) for kind, id, state in central.all("SELECT kind, id, state FROM things")}
    for key in without_words:
        held.pop(key, None)
        right.pop(key, None)
    same("register", held, right)


def _settle(body: dict[str, Any], about: list[Any], disputed: dict[Any, Any], states: dict[Any, Any]) -> None:
    """Set the device's last word on each field still in dispute, or leave what stands; by 9.3."""
    still = {one: disputed.pop(one) for one in about if one in disputed}
    for kind, id in {(one[0], one[1]) for one in still}:
        values = {one[2]: value for one, value in still.items()}
        if body["keep"] == "mine":
            states[kind, id] |= prevailing(states[kind, id], values)
        elif body["keep"] == "both":
            states[kind, id] |= side_by_side(values, body["item"])
