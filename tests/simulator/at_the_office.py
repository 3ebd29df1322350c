"""Steps at the office: lines of `apply`, places, operators, teams, plans, units, another laptop."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from schemas.ids import new_id
from server.changes import apply_lines
from server.office import edit, state_of
from tests.simulator.drawing import AREAS, KINDS, fresh_place
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
        {"do": "distinct", "establishment": place, "other": dice.choice(places)},
        {"do": "outside_check", "establishment": place, "agency": "Thanh tra sở", "date": day},
        {"do": "confirm_list", "unit": dice.choice(NEW_COMMUNES), "on": day},
    ]
    if run.teams:
        about = {"establishment": place, "team": dice.choice(run.teams)}
        until = (run.today() + timedelta(days=dice.randrange(20))).isoformat()
        basis = dice.choice(("planned", "unscheduled", "recheck"))
        lines += [{"do": "assign", **about, "expires_on": until, "basis": basis}, {"do": "unassign", **about}]
    if run.operators:
        about = {"establishment": place, "from": day}
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
    id, unit = new_id(), run.dice.choice((HERE, THERE, *COMMUNES))
    run.office(edit("establishment", id, fresh_place(run, unit), {}))
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
    run.office(edit("unit", id, {"successors": after}, state_of(conn, "unit", id) or {}))


def office_laptop(run: "Schedule") -> None:
    """Give a laptop to a team, and what it follows with it."""
    known = [row[0] for row in run.central.conn.execute("SELECT id FROM things WHERE kind = 'team' ORDER BY id")]
    laptop = run.dice.choice(run.laptops) if run.laptops else None
    state = state_of(run.central.conn, "device", laptop.line.device) if laptop else None
    if laptop and known and state:
        run.office(edit("device", laptop.line.device, {"team": run.dice.choice(known)}, state))


def another_laptop(run: "Schedule") -> None:
    """A new laptop is enrolled."""
    if len(run.laptops) < run.most:
        run.new_laptop(run.dice.choice(AREAS))


AT_THE_OFFICE = (
    (office_lines, 18), (office_place, 5), (office_operator, 3), (office_team, 3), (office_unit, 2),
    (office_laptop, 2), (another_laptop, 1),
)  # fmt: skip
