"""Visits and what is said of them: the truth of each, whether it counts, and the communes that hear of it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from schemas.attachments import Role
from schemas.inspections import Outcome, counting
from schemas.items import Item
from server.arrivals.columns import in_brief, refresh_paper
from server.arrivals.fold_law import coded, keep_acts, tell_of_repeats
from server.arrivals.fold_planning import fold_drawn
from server.arrivals.fold_returns import fold_frozen
from server.arrivals.fold_review import answered, fold_review, revised
from server.arrivals.world import World
from server.register.keep import judge_visit

VISIT = (
    "INSERT INTO visits (id, item, establishment, team, date, basis, outcome, revision, members, violations,"
    " found_working, void, counting, device, risk, findings, duties)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET item = excluded.item, establishment = excluded.establishment,"
    " team = excluded.team, date = excluded.date, basis = excluded.basis, outcome = excluded.outcome,"
    " revision = excluded.revision, members = excluded.members, violations = excluded.violations,"
    " found_working = excluded.found_working, void = excluded.void, counting = excluded.counting,"
    " risk = excluded.risk, findings = excluded.findings, duties = excluded.duties"
)
DATE, OUTCOME, COUNTING = 4, 6, 12  # where these columns stand in a row of VISIT
_COUNTS = {outcome.value: outcome.counts for outcome in Outcome}


def visit_row(item: Item, review: str = "", comment: str = "") -> tuple[Any, ...]:
    """Return the row of VISIT for the truth of a visit, *review* and *comment* being the coordinator's."""
    body = item.body
    void, members = bool(body.get("void")), len(body.get("members", ()))
    return (
        item.id, item.name, body["establishment"], body["team"], body["date"], body["basis"], body["outcome"],
        body.get("revision", 1), members, len(body.get("violations", ())), body.get("found_working"), void,
        counting(_COUNTS[body["outcome"]], void, members, review, comment), item.device, *in_brief(body, members),
    )  # fmt: skip


def remember_visits(world: World, wanted: Iterable[tuple[str, int]]) -> None:
    """Remember what places add to coverage, each for the year in which visits are about to be added."""
    wanted = list(wanted)
    world.know_roots(place for place, _ in wanted)
    world.deltas.before_visits((root, year) for place, year in wanted if (root := world.root(place)))


def fold_visit(world: World, item: Item) -> None:
    place, day = item.body["establishment"], item.body["date"]
    before = world.conn.execute("SELECT establishment, date, item FROM visits WHERE id = ?", (item.id,)).fetchone()
    review = None  # there is none before the visit itself
    if before:
        review = world.conn.execute("SELECT review, comment FROM reviews WHERE inspection = ?", (item.id,)).fetchone()
        _touch(world, before[0], before[1])
    _touch(world, place, day)
    world.conn.execute(VISIT, visit_row(item, *(review or ("", ""))))
    if before:
        revised(world, item.id, before[2], item.name)
    keep_acts(world, item)
    judge_visit(world.conn, item.id)
    if before and before[0] != place:
        _moves_with_it(world, item.id, before[0], place)
    for commune in world.communes(place):
        world.stamp(commune, "inspection", item.id)
    if not before:
        world.arrived.append(("inspection", item.id))


def _moves_with_it(world: World, id: str, left: str, place: str) -> None:
    """Tell that a visit is of another place: its old communes lose it, the new ones learn what is said of it."""
    for kind, thing in [("inspection", id), *(said := said_of(world, id))]:
        for commune in world.communes(left):
            world.stamp(commune, kind, thing, 1)
    for kind, thing in said:
        for commune in world.communes(place):
            world.stamp(commune, kind, thing)


def _touch(world: World, establishment: str, day: str) -> None:
    root = world.root(establishment)
    if root:
        world.deltas.before(root, int(day[:4]))


def _review(world: World, item: Item) -> None:
    """Keep a review as the last word, and among all that was said of the visit."""
    place, day = world.conn.execute(
        "SELECT establishment, date FROM visits WHERE id = ?", (item.body["inspection"],)
    ).fetchone()
    _touch(world, place, day)
    fold_review(world, item)
    _keep_said(world, item)
    for commune in world.communes(place):
        world.stamp(commune, "inspection", item.body["inspection"])


def _confirm_list(world: World, item: Item) -> None:
    body = item.body
    world.conn.execute(
        "INSERT INTO list_confirmations (unit, confirmed_on, confirmed_by) VALUES (?, ?, ?)"
        " ON CONFLICT (unit) DO UPDATE SET confirmed_on = excluded.confirmed_on, confirmed_by = excluded.confirmed_by",
        (f"{body['epoch']}:{body['unit']}", body["on"], body.get("by", "")),
    )


def _outside_check(world: World, item: Item) -> None:
    body = item.body
    world.conn.execute(
        "INSERT INTO outside_checks (id, establishment, date, agency, paper) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET date = excluded.date, agency = excluded.agency, paper = excluded.paper",
        (item.id, body["establishment"], body["date"], body["agency"], body.get("paper", "")),
    )
    for commune in world.communes(body["establishment"]):
        world.stamp(commune, "outside_check", item.id)


def _said_of_visit(world: World, item: Item) -> None:
    """Keep what is said of a visit after its minutes, and tell those who have the visit."""
    _keep_said(world, item)
    if item.kind == "paper":
        refresh_paper(world.conn, item.body["inspection"])
    elif item.kind == "comment":
        answered(world, item)
    row = world.conn.execute(
        "SELECT establishment FROM visits WHERE id = ?", (item.body["inspection"],)
    ).fetchone()
    for commune in world.communes(row[0]) if row else ():
        world.stamp(commune, item.kind, item.id)


def _keep_said(world: World, item: Item) -> None:
    world.conn.execute(
        "INSERT INTO said_of_visits (id, kind, inspection, item, author, said) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET item = excluded.item, author = excluded.author, said = excluded.said",
        (
            item.id, item.kind, item.body["inspection"], item.name, item.author,
            json.dumps(item.body, ensure_ascii=False, separators=(",", ":")),
        ),
    )  # fmt: skip


def said_of(world: World, inspection: str) -> list[tuple[str, str]]:
    """Return kind and id of all that is said of a visit and told by itself: it goes where the visit goes."""
    return world.conn.execute(
        "SELECT kind, id FROM said_of_visits WHERE inspection = ? AND kind <> 'review' ORDER BY kind, id",
        (inspection,),
    ).fetchall()


def _access(world: World, item: Item) -> None:
    """Keep who looked at what, when by the laptop's clock, and why; when it was told stands in the arrivals."""
    body = item.body
    world.conn.execute(
        "INSERT INTO accesses (id, item, device, author, establishment, what, purpose, recorded_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            item.id, item.name, item.device, item.author, body["establishment"], body["what"], body["purpose"],
            item.recorded_at,
        ),
    )


def _distinct(world: World, item: Item) -> None:
    body = item.body
    world.conn.execute(
        "INSERT INTO distinct_pairs (kind, one, other, item) VALUES (?, ?, ?, ?) ON CONFLICT (kind, one, other)"
        " DO UPDATE SET item = excluded.item",
        (body["kind"], *sorted((body["one"], body["other"])), item.name),
    )
    if body["kind"] == "operator":
        tell_of_repeats(world, (body["one"], body["other"]))


def _attachment(world: World, item: Item) -> None:
    body = item.body
    world.conn.execute(
        "INSERT INTO attachments (id, item, inspection, revision, sha256, size, type, role, caption, received)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT count(*) FROM files WHERE sha256 = ?))"
        " ON CONFLICT (id) DO NOTHING",
        (
            item.id, item.name, body["inspection"], body.get("item", ""), body["sha256"], body["size"], body["type"],
            body["role"], body.get("caption", ""), body["sha256"],
        ),
    )  # fmt: skip
    if body["role"] == Role.SCAN:
        refresh_paper(world.conn, body["inspection"])


def file_gone(world: World, item: Item) -> None:
    """Forget the record of a file whose words were erased; the paper of its visit may lack its scan again."""
    rows = world.conn.execute("SELECT inspection FROM attachments WHERE item = ?", (item.name,)).fetchall()
    world.conn.execute("DELETE FROM attachments WHERE item = ?", (item.name,))
    for (inspection,) in rows:
        refresh_paper(world.conn, inspection)


def _log_head(world: World, item: Item) -> None:
    """Nothing is folded: the item itself is what verify asks for."""


_EVENTS: dict[str, Callable[[World, Item], None]] = {
    "review": _review,
    "confirm_list": _confirm_list,
    "outside_check": _outside_check,
    "paper": _said_of_visit,
    "resolution": _said_of_visit,
    "duty": _said_of_visit,
    "comment": _said_of_visit,
    "distinct": _distinct,
    "access": _access,
    "attachment": _attachment,
    "log_head": _log_head,
    "drawn": fold_drawn,
    "coding": coded,
    "frozen": fold_frozen,
}


def fold_event(world: World, item: Item) -> None:
    """Fold a review, a list, an outside check, an event of a paper, the record of a file, or that two are two."""
    _EVENTS[item.kind](world, item)
