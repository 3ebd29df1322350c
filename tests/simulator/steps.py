"""What happens in a schedule: each step is drawn from the seed, and does what a page or command would."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from field_client import drafts, records
from field_client.changes import changes
from field_client.places import NotKnown, find
from field_client.store import own, visits, writing
from field_client.store.mirror import Mirror
from field_client.syncing import Half
from schemas.ids import new_id
from server.arrivals.world import unit_tree
from server.changes import apply_lines
from server.office import edit, state_of
from sync.errors import BadReply, OtherHistory
from sync.wire import Cursor, read_page
from tests.simulator.ends import LaptopEnd
from tests.simulator.templates import (
    COMMUNES,
    FAR_PROVINCE,
    HALVES,
    HERE,
    NEW_COMMUNES,
    PROVINCE,
    SPLIT,
    THERE,
    UNDECIDED,
)

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule

KINDS = ("karaoke", "dance_hall", "massage", "lodging")
AREAS = (HERE, HERE, THERE, THERE, *HALVES, PROVINCE)
Step = Callable[["Schedule"], None]


def _body(run: "Schedule", establishment: str) -> dict[str, Any]:
    """Draw a finished visit."""
    dice = run.dice
    day = run.today() - timedelta(days=dice.choice((0, 0, 1, 3, 40, 330)))
    body: dict[str, Any] = {
        "establishment": establishment,
        "team": dice.choice(run.teams),
        "date": day.isoformat(),
        "basis": "planned",
        "outcome": "no_violation",
        "members": [{"name": name} for name in ("An", "Bình", "Cường")[: dice.choice((3, 3, 3, 2))]],
        "found_working": dice.choice((True, False)),
    }
    shape = dice.randrange(6)
    if shape == 1:
        body |= {"basis": "unscheduled", "trigger": "complaint", "ground": "Đơn số 12"}
    if shape == 2:
        body |= {"outcome": "violations", "violations": [{"text": "Không có giấy phép"}]}
    if shape == 3:
        body |= {"outcome": dice.choice(("closed_tonight", "refused", "not_found")), "remark": "Cửa đóng"}
    return body


def _place(run: "Schedule", laptop: LaptopEnd) -> str | None:
    """Draw a place that a laptop sees; now and then one that it does not."""
    if run.dice.random() < 0.06 and run.places:
        return run.dice.choice(run.places)
    seen = [row[0] for row in laptop.all("SELECT id FROM establishments ORDER BY id")]
    return run.dice.choice(seen) if seen else None


def visit(run: "Schedule", laptop: LaptopEnd) -> None:
    """Finish a visit, by command."""
    place = _place(run, laptop)
    if place:
        records.record(laptop.db, new_id(), _body(run, place), at=laptop.at())


def drafted(run: "Schedule", laptop: LaptopEnd) -> None:
    """Type a visit into a form, and finish it or throw it away."""
    place = _place(run, laptop)
    if not place:
        return
    id = drafts.start(laptop.db, place, at=laptop.at())
    drafts.save(laptop.db, id, _body(run, place), at=laptop.at())
    end = run.dice.random()
    if end < 0.7:
        drafts.finalise(laptop.db, id, at=laptop.at())
    elif end < 0.85:
        drafts.discard(laptop.db, id)


def broken_visit(run: "Schedule", laptop: LaptopEnd) -> None:
    """Queue a visit that breaks a rule of the server's, as an older program might."""
    place = _place(run, laptop)
    if not place:
        return
    wrong = run.dice.choice(({"outcome": "fine"}, {"date": "2062-01-01"}, {"violations": "many"}, {"team": "đội"},
                             {"outcome": "violations"}, {"x": 1}, {"establishment": "nowhere"}, {"revision": "one"},
                             {"date": 5}))  # fmt: skip
    _queue(laptop, "inspection", new_id(), _body(run, place) | wrong)


def _queue(laptop: LaptopEnd, kind: str, id: str, body: dict[str, Any], base: str | None = None) -> None:
    with writing(laptop.db) as conn:
        own.add(conn, kind, id, body, author="An", at=laptop.at(), base=base)
        if kind == "inspection":
            visits.refresh(conn, [id])


def correct(run: "Schedule", laptop: LaptopEnd) -> None:
    """Correct, mend or void a visit that is seen here, our own or somebody else's."""
    _correct(run, laptop, "SELECT id FROM visits ORDER BY id")


def mend(run: "Schedule", laptop: LaptopEnd) -> None:
    """Put right a visit of ours that is not in the truth."""
    _correct(run, laptop, "SELECT id FROM visits WHERE own = 1 AND (aside NOT IN ('', 'waiting')"
                          " OR standing NOT IN ('waiting', 'accepted')) ORDER BY id")  # fmt: skip


def _correct(run: "Schedule", laptop: LaptopEnd, query: str) -> None:
    seen = [row[0] for row in laptop.all(query)]
    if not seen:
        return
    id = run.dice.choice(seen)
    shown = visits.shown(visits.revisions(laptop.conn, id))
    assert shown is not None
    place = shown.body.get("establishment")
    body = _body(run, place if isinstance(place, str) else run.dice.choice(run.places))
    if run.dice.random() < 0.12:
        body["establishment"] = _place(run, laptop) or body["establishment"]
    body |= {"reason": f"Ghi nhầm {run.dice.randrange(1000)}"}
    if run.dice.random() < 0.15:
        body["void"] = True
    if run.dice.random() < 0.3:
        drafts.start_correction(laptop.db, id, at=laptop.at())
        drafts.save(laptop.db, id, body, at=laptop.at())
        drafts.finalise(laptop.db, id, at=laptop.at())
    else:
        records.record(laptop.db, id, body, at=laptop.at())


def correct_unseen(run: "Schedule", laptop: LaptopEnd) -> None:
    """Correct a revision that another laptop finished, which may not have arrived."""
    other = run.dice.choice(run.laptops)
    rows = other.all("SELECT id, name, line FROM own WHERE kind = 'inspection' ORDER BY local")
    if rows:
        id, name, line = run.dice.choice(rows)
        body = json.loads(line)["body"] | {"reason": "Sửa hộ", "remark": str(run.dice.random())}
        _queue(laptop, "inspection", id, body, name)


def new_operator(run: "Schedule", laptop: LaptopEnd) -> None:
    """Enter an operator."""
    fields = {"name": f"Chủ {run.dice.randrange(1000)}", "form": "household"}
    run.operators.append(records.new_operator(laptop.db, fields, at=laptop.at()).id)


def new_place(run: "Schedule", laptop: LaptopEnd) -> None:
    """Enter a place, perhaps under an operator that was never sent, and visit it."""
    unit = laptop.area if laptop.area in COMMUNES and run.dice.random() < 0.8 else run.dice.choice(COMMUNES)
    fields = {"name": f"Quán {run.dice.randrange(1000)}", "kinds": [run.dice.choice(KINDS)], "unit": unit}
    if run.dice.random() < 0.5 and run.operators:
        fields["operator"] = run.dice.choice(run.operators)
    fields["from"] = (run.today() - timedelta(days=run.dice.randrange(500))).isoformat()
    kept = records.new_establishment(laptop.db, fields, at=laptop.at())
    run.places.append(kept.id)
    if run.dice.random() < 0.7:
        records.record(laptop.db, new_id(), _body(run, kept.id), at=laptop.at())


def edit_place(run: "Schedule", laptop: LaptopEnd) -> None:
    """Change something of a place, as its page would."""
    id = _place(run, laptop)
    if id:
        state = find(laptop.db, "establishment", id).state
        records.edit(laptop.db, "establishment", id, changes(state, _fields(run), run.today()), at=laptop.at())


def _fields(run: "Schedule") -> dict[str, Any]:
    dice = run.dice
    day = (run.today() - timedelta(days=dice.randrange(3))).isoformat()
    return dice.choice((
        {"name": f"Tên {dice.randrange(5)}"},
        {"phone": f"09{dice.randrange(5)}"},
        {"code": f"KAR-{dice.randrange(5)}"},
        {"phone": None},
        {"status": dice.choice(("open", "paused", "closed")), "from": day},
        {"unit": dice.choice(COMMUNES), "address": "Phố mới", "from": day},
        {"address": f"Số {dice.randrange(5)}"},
        {"kinds": " ".join(dice.sample(KINDS, dice.randrange(1, 3))), "from": day},
        {"operator": dice.choice(run.operators) if run.operators else new_id(), "from": day},
        {"name": f"Tên {dice.randrange(5)}", "phone": f"09{dice.randrange(5)}", "status": "open", "from": day},
        {"licence/1": {"type": "operating_licence", "number": str(dice.randrange(3))}},
    ))  # fmt: skip


def edit_operator(run: "Schedule", laptop: LaptopEnd) -> None:
    """Change an operator that is seen here."""
    seen = [row[0] for row in laptop.all("SELECT id FROM operators ORDER BY id")]
    if seen:
        fields = run.dice.choice(({"name": f"Chủ {run.dice.randrange(5)}"}, {"phone": f"08{run.dice.randrange(5)}"},
                                  {"form": "enterprise"}))  # fmt: skip
        records.edit(laptop.db, "operator", run.dice.choice(seen), fields, at=laptop.at())


def merge_here(run: "Schedule", laptop: LaptopEnd) -> None:
    """Merge two places that are seen here, or take them apart."""
    seen = [row[0] for row in laptop.all("SELECT id FROM establishments ORDER BY id")]
    if len(seen) > 1:
        one, other = run.dice.sample(seen, 2)
        records.edit(laptop.db, "establishment", one, {"merged_into": run.dice.choice((other, None))}, at=laptop.at())


def small_items(run: "Schedule", laptop: LaptopEnd) -> None:
    """Enter a check by another body, or what happened to a paper."""
    place = _place(run, laptop)
    if place and run.dice.random() < 0.7:
        body = {"establishment": place, "agency": "Công an tỉnh", "date": run.today().isoformat(), "paper": ""}
        _queue(laptop, "outside_check", new_id(), body)
        return
    seen = laptop.all("SELECT id, item FROM visits ORDER BY id")
    if seen:
        id, item = run.dice.choice(seen)
        body = {"inspection": id, "item": item, "happening": "signed", "on": run.today().isoformat()}
        _queue(laptop, "paper", new_id(), body)


def clock_jumps(run: "Schedule", laptop: LaptopEnd) -> None:
    """The battery is flat, or somebody set the year wrong."""
    laptop.offset = timedelta(days=run.dice.choice((0, 0, -6000, 13000, 1, -1)))


def dies(run: "Schedule", laptop: LaptopEnd) -> None:
    """The program is closed the hard way."""
    laptop.reopen()


def syncs(run: "Schedule", laptop: LaptopEnd) -> None:
    """Send and fetch."""
    run.sync(laptop)


def sends(run: "Schedule", laptop: LaptopEnd) -> None:
    """Send only."""
    run.sync(laptop, frozenset({Half.SEND}))


def gets(run: "Schedule", laptop: LaptopEnd) -> None:
    """Fetch only."""
    run.sync(laptop, frozenset({Half.GET}))


def old_page(run: "Schedule", laptop: LaptopEnd) -> None:
    """A page that came before comes again, as from a stick that is put in twice."""
    if laptop.line.pages:
        mirror = Mirror(laptop.db)
        before = mirror.cursor()
        with suppress(OtherHistory, BadReply):
            mirror.take(read_page(run.dice.choice(laptop.line.pages)))
        assert not before or Cursor.parse(mirror.cursor()).pos >= Cursor.parse(before).pos, "the cursor moved back"


def late_batch(run: "Schedule", laptop: LaptopEnd) -> None:
    """A batch that was given up for lost arrives after all, behind younger ones."""
    if laptop.line.late:
        laptop.line.receive(laptop.line.late.pop(run.dice.randrange(len(laptop.line.late))))


def moves_area(run: "Schedule", laptop: LaptopEnd) -> None:
    """The laptop is handed to another team: it is enrolled again for another area."""
    laptop.enrols(run.central, run.dice.choice(AREAS))
    laptop.line.pages.clear()


def enrols_again(run: "Schedule", laptop: LaptopEnd) -> None:
    """The same laptop, the same area, a new code."""
    laptop.enrols(run.central, laptop.area)


def is_locked(run: "Schedule", laptop: LaptopEnd) -> None:
    """The office locks a laptop."""
    state = state_of(run.central.conn, "device", laptop.line.device) or {}
    run.office(edit("device", laptop.line.device, {"revoked_on": run.today().isoformat()}, state))


# The office.


def office_lines(run: "Schedule") -> None:
    """Do something by a line of `apply`."""
    line = _line(run)
    if line:
        answer = next(iter(apply_lines(run.central.db, [json.dumps(line)], author="test", at=run.at)))
        run.count(f"apply {line['do']} {answer['standing'] or 'refused'}")


def _line(run: "Schedule") -> dict[str, Any] | None:
    dice, conn = run.dice, run.central.conn
    places = [row[0] for row in conn.execute("SELECT id FROM establishments ORDER BY id")]
    seen = [row[0] for row in conn.execute("SELECT id FROM visits ORDER BY id")]
    if not places:
        return None
    day, place = (run.today() - timedelta(days=dice.randrange(3))).isoformat(), dice.choice(places)
    about = {"establishment": place, "from": day}
    lines: list[dict[str, Any]] = [
        {"do": "status", **about, "status": dice.choice(("open", "paused", "closed"))},
        {"do": "unit", **about, "epoch": "new", "code": dice.choice(NEW_COMMUNES).partition(":")[2]},
        {"do": "unit", **about, "epoch": "old", "code": dice.choice((SPLIT, UNDECIDED)).partition(":")[2]},
        {"do": "kinds", **about, "kinds": dice.sample(KINDS, dice.randrange(1, 3))},
        {"do": "merge", "establishment": place, "into": dice.choice(places)},
        {"do": "unmerge", "establishment": place},
        {"do": "outside_check", "establishment": place, "agency": "Thanh tra sở", "date": day},
        {"do": "confirm_list", "unit": dice.choice(NEW_COMMUNES), "on": day},
    ]
    if run.operators:
        lines.append({"do": "operator", **about, "operator": dice.choice(run.operators)})
        pair = {"operator": dice.choice(run.operators), "into": dice.choice(run.operators)}
        lines.append({"do": "merge", **pair})
        lines.append({"do": "decision", "number": str(dice.randrange(9)), "authority": "UBND", "operator": pair["into"],
                      "establishment": place, "codes": ["X-1"], "decided_on": day, "sanction": "fine"})  # fmt: skip
    if seen:
        id = dice.choice(seen)
        lines += [
            {"do": "correct", "inspection": id, "reason": "Sai", "changes": {"remark": f"Sửa {dice.randrange(99)}"}},
            {"do": "correct", "inspection": id, "reason": "Sai", "changes": {"establishment": place}},
            {"do": "correct", "inspection": id, "reason": "Sai", "changes": {"date": day}},
            {"do": "void", "inspection": id, "reason": "Hủy"},
            *({"do": "review", "inspection": id, "review": said, "comment": "Đã xem"}
              for said in ("accepted", "issues", "rejected")),
        ]  # fmt: skip
    return dice.choice(lines)


def office_place(run: "Schedule") -> None:
    """Enter a place at the office, perhaps with an operator."""
    dice = run.dice
    unit = dice.choice((HERE, THERE, *COMMUNES))
    epoch, _, code = unit.partition(":")
    since = {"from": (run.today() - timedelta(days=dice.randrange(900))).isoformat()}
    state: dict[str, Any] = {
        "name": f"Quán {dice.randrange(1000)}",
        "place/1": {**since, "epoch": epoch, "unit": code, "address": "Phố Giắt"},
        "status/1": {**since, "status": dice.choice(("open", "open", "closed"))},
        "kind/1": {**since, "kind": dice.choice(KINDS)},
    }
    if run.operators and dice.random() < 0.6:
        state["operator/1"] = {**since, "operator": dice.choice(run.operators)}
    id = new_id()
    run.office(edit("establishment", id, state, {}))
    run.places.append(id)


def office_operator(run: "Schedule") -> None:
    """Enter an operator at the office, or change one."""
    known = [id for id in run.operators if state_of(run.central.conn, "operator", id)]
    if known and run.dice.random() < 0.6:
        id = run.dice.choice(known)
        state = state_of(run.central.conn, "operator", id) or {}
        run.office(edit("operator", id, {"name": f"Chủ {run.dice.randrange(5)}"}, state))
        return
    id = new_id()
    run.office(edit("operator", id, {"name": f"Chủ {run.dice.randrange(1000)}", "form": "household"}, {}))
    run.operators.append(id)


def office_team(run: "Schedule") -> None:
    """Make a team or plan, or move one to another area."""
    epoch, _, area = run.dice.choice((*COMMUNES, PROVINCE, FAR_PROVINCE)).partition(":")
    kind = run.dice.choice(("team", "team", "plan"))
    known = [row[0] for row in run.central.conn.execute("SELECT id FROM things WHERE kind = ? ORDER BY id", (kind,))]
    if known and run.dice.random() < 0.6:
        id = run.dice.choice(known)
        run.office(edit(kind, id, {"epoch": epoch, "area": area}, state_of(run.central.conn, kind, id) or {}))
        return
    state = {"name": "Đội 178", "epoch": epoch, "area": area}
    if kind == "team":
        state["level"] = "commune"
    else:
        state |= {"from": "2026-01-01", "to": "2030-12-31", "targets": [{"year": 2026, "percent": 30}]}
    id = new_id()
    run.office(edit(kind, id, state, {}))
    if kind == "team":
        run.teams.append(id)


def office_unit(run: "Schedule") -> None:
    """Rename a unit, or decide what became of an old commune."""
    conn = run.central.conn
    if run.dice.random() < 0.5:
        id = run.dice.choice(COMMUNES)
        run.office(edit("unit", id, {"name": f"Xã {run.dice.randrange(9)}"}, state_of(conn, "unit", id) or {}))
        return
    id = run.dice.choice((UNDECIDED, UNDECIDED, SPLIT))
    after = [key.partition(":")[2] for key in run.dice.sample(sorted((HERE, THERE, *HALVES)), run.dice.randrange(1, 3))]
    tree = unit_tree(conn)
    run.central.roads |= {id, *tree.ancestors(id)}
    run.office(edit("unit", id, {"successors": after}, state_of(conn, "unit", id) or {}))


def another_laptop(run: "Schedule") -> None:
    """A new laptop is enrolled."""
    if len(run.laptops) < run.most:
        run.new_laptop(run.dice.choice(AREAS))


AT_A_LAPTOP: tuple[tuple[Callable[["Schedule", LaptopEnd], None], int], ...] = (
    (visit, 12), (drafted, 4), (broken_visit, 3), (correct, 9), (mend, 4), (correct_unseen, 2), (new_operator, 3),
    (new_place, 6), (edit_place, 9), (edit_operator, 3), (merge_here, 2), (small_items, 3), (clock_jumps, 1), (dies, 2),
    (syncs, 22), (sends, 5), (gets, 5), (old_page, 5), (late_batch, 4), (moves_area, 2), (enrols_again, 1),
    (is_locked, 1),
)  # fmt: skip
AT_THE_OFFICE: tuple[tuple[Step, int], ...] = (
    (office_lines, 18), (office_place, 5), (office_operator, 3), (office_team, 3), (office_unit, 2),
    (another_laptop, 1),
)  # fmt: skip
REFUSED = (records.NotValid, NotKnown, drafts.NoDraft)
