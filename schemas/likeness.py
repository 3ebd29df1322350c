"""How alike two records of the register are, and why, in words. It offers; nobody is merged by it."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import combinations
from math import inf
from typing import Any

from schemas.nearby import Point, metres, near_pairs, point_of
from schemas.register import State
from schemas.text import fold

Pair = tuple[str, str]  # ids, the lesser first


class Reason(StrEnum):
    """What two records have alike; the order is that of weight."""

    LICENCE = "same_licence"
    PHONE = "same_phone"
    NAME = "same_name"
    NEAR_NAME = "near_name"
    ADDRESS = "same_address"
    POINT = "near_point"


REASONS: Mapping[Reason, tuple[str, str]] = {
    Reason.LICENCE: ("Cùng số giấy phép", "Same licence number"),
    Reason.PHONE: ("Cùng số điện thoại", "Same telephone number"),
    Reason.NAME: ("Cùng tên", "Same name"),
    Reason.NEAR_NAME: ("Tên gần giống", "Near names"),
    Reason.ADDRESS: ("Cùng địa chỉ", "Same address"),
    Reason.POINT: ("Gần nhau trên bản đồ", "Near on the map"),
}
OPERATOR_REASONS: Mapping[Reason, tuple[str, str]] = {
    **REASONS,
    Reason.LICENCE: ("Cùng số đăng ký", "Same registration number"),
}


@dataclass(frozen=True)
class Traits:
    """What of a record is compared, folded: nothing in it is fit to be shown."""

    kind: str
    name: str = ""  # its telling words, sorted
    phones: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    address: str = ""
    kinds: frozenset[str] = frozenset()
    point: Point | None = None


@dataclass(frozen=True)
class Likeness:
    """How alike two records are: points, and the reasons, the weightiest first."""

    score: int
    reasons: tuple[Reason, ...]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("schemas.data").joinpath("likeness.toml").read_text(encoding="utf-8"))


@cache
def _empty(of: str) -> re.Pattern[str]:
    phrases = sorted(_data()["words"][of], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


def traits(kind: str, state: State) -> Traits:
    """Return what of an establishment's or operator's *state* is compared."""
    name, phones = _telling(kind, state.get("name") or ""), _phones(state.get("phone") or "")
    if kind == "operator":
        papers = frozenset(filter(None, [_number(state.get("registration") or "")]))
        return Traits(kind, name, phones, papers, _address(state.get("address") or ""), _form(state))
    papers = frozenset(
        f"{value.get('type')} {number}"
        for path, value in state.items()
        if path.startswith("licence/") and (number := _number(value.get("number") or ""))
    )
    kinds = frozenset(value["kind"] for path, value in state.items() if path.startswith("kind/"))
    places: list[dict[str, Any]] = [value for path, value in state.items() if path.startswith("place/")]
    last = max(places, key=lambda span: str(span.get("from")), default={})
    return Traits(kind, name, phones, papers, _address(last.get("address") or ""), kinds, point_of(last))


def _form(state: State) -> frozenset[str]:
    return frozenset([state["form"]]) if state.get("form") else frozenset()


def _words(text: str) -> list[str]:
    return re.findall(r"[0-9a-z]+", fold(text))


def _without(of: str, text: str) -> list[str]:
    """Leave out the words that every second one has; of a text of nothing else, nothing."""
    words = " ".join(_words(text))
    return _empty(of).sub(" ", words).split() or words.split()


def _telling(kind: str, name: str) -> str:
    return " ".join(sorted(_without(kind, name)))


def _phones(text: str) -> frozenset[str]:
    numbers = [re.sub(r"\D", "", part) for part in re.split(r"[/,;]| - ", text)]
    at_home = ["0" + number[2:] if number.startswith("84") and len(number) > 10 else number for number in numbers]
    return frozenset(number for number in at_home if len(number) >= _data()["phone_digits"])


def _number(text: str) -> str:
    """Fold a paper's number: 12/GCN-ANTT and 12 GCN ANTT are one; what has no digit tells nothing."""
    folded = "".join(_words(text))
    return folded if re.search(r"\d", folded) and len(folded) >= 3 else ""


def _address(text: str) -> str:
    """Fold an address; a street without a number is where many stand, and no address of one."""
    words = _without("address", text)
    return " ".join(words) if any(re.match(r"\d", word) for word in words) and len(words) > 1 else ""


def likeness(one: Traits, other: Traits) -> Likeness | None:
    """Return how alike two records of one kind are, None when too little to be offered."""
    points: dict[str, int] = _data()[one.kind]
    reasons = tuple(_reasons(one, other))
    score = sum(points[reason] for reason in reasons)
    if reasons and one.kinds & other.kinds:
        score += points["same_kind"]
    if Reason.NAME in reasons and "enterprise" in one.kinds & other.kinds:
        score += points["company_name"]
    score += sum(points[contradiction] for contradiction in _contradictions(one, other))
    return Likeness(score, reasons) if score >= points["offer"] else None


def _reasons(one: Traits, other: Traits) -> Iterable[Reason]:
    there = _apart(one, other) <= _data()["near_point"]
    if one.licences & other.licences:
        yield Reason.LICENCE
    if one.phones & other.phones:
        yield Reason.PHONE
    if one.name and one.name == other.name:
        yield Reason.NAME
    elif _near(one.name, other.name, "near_name_there" if there else "near_name"):
        yield Reason.NEAR_NAME
    if one.address and one.address == other.address:
        yield Reason.ADDRESS
    if there:
        yield Reason.POINT


def _contradictions(one: Traits, other: Traits) -> Iterable[str]:
    if one.licences and other.licences and not one.licences & other.licences:
        yield "other_licence"
    if one.phones and other.phones and not one.phones & other.phones:
        yield "other_phone"
    if one.address and other.address and one.address != other.address:
        yield "other_address"
    if _data()["far_point"] < _apart(one, other) < inf:
        yield "other_point"


def _apart(one: Traits, other: Traits) -> float:
    """Return how many metres two records are apart on the map; endless where one of them is on none."""
    return metres(one.point, other.point) if one.point and other.point else inf


def _near(one: str, other: str, how: str = "near_name") -> bool:
    """Say whether two names are near; Đông Đô 1 and Đông Đô 2 are not, their numbers tell them apart."""
    if min(len(one), len(other)) < _data()["near_name_letters"] or _numerals(one) != _numerals(other):
        return False
    from rapidfuzz import fuzz  # when it is needed: the program starts sooner and smaller

    return bool(fuzz.ratio(one, other) >= _data()[how])


def _numerals(name: str) -> set[str]:
    return {word for word in name.split() if word.isdecimal()}


def alike_to(one: Traits, others: Mapping[str, Traits]) -> dict[str, Likeness]:
    """Return those of *others* that may be the same as *one*, the likeliest first."""
    found = {id: alike for id, other in others.items() if (alike := likeness(one, other))}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].score, pair[0])))


def same_papers(found: Mapping[str, Traits]) -> set[Pair]:
    """Return the pairs that have a number or the whole name alike: to be looked at, not yet likely."""
    by_key: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id, one in found.items():
        for key in (*(("phone", phone) for phone in one.phones), *(("paper", paper) for paper in one.licences)):
            by_key[key].append(id)
        if one.name:
            by_key["name", one.name].append(id)
    most = _data()["most_sharing"]
    return {pair for ids in by_key.values() if 1 < len(ids) <= most for pair in _pairs(ids)}


def near_names(found: Mapping[str, Traits]) -> set[Pair]:
    """Return the pairs whose names are near; for the records of one commune, since each is held against each."""
    from rapidfuzz import fuzz, process

    ids = [id for id, one in found.items() if len(one.name) >= _data()["near_name_letters"]]
    names = [found[id].name for id in ids]
    pairs: set[Pair] = set()
    for at, name in enumerate(names):
        hits = process.extract(name, names[at + 1 :], scorer=fuzz.ratio, score_cutoff=_data()["near_name"], limit=None)
        pairs.update(_pair(ids[at], ids[at + 1 + place]) for _, _, place in hits if _near(name, names[at + 1 + place]))
    return pairs


def near_points(found: Mapping[str, Traits]) -> set[Pair]:
    """Return the pairs that stand at one place on the map, whatever else they have; few are held against each other."""
    points = {id: one.point for id, one in found.items() if one.point}
    return near_pairs(points, _data()["near_point"], _data()["most_there"])


def _pairs(ids: Iterable[str]) -> Iterable[Pair]:
    return (_pair(one, other) for one, other in combinations(ids, 2))


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def likely(found: Mapping[str, Traits], pairs: Iterable[Pair]) -> dict[Pair, Likeness]:
    """Return those of *pairs* that are alike enough to be offered."""
    return {pair: alike for pair in pairs if (alike := likeness(found[pair[0]], found[pair[1]]))}
