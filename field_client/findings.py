"""The findings of a place that are still open here: from visits in the truth and our own, less what resolved them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from field_client.places import NotKnown, members_of_root
from field_client.records import NotValid
from field_client.store import own, said, writing
from field_client.store.visits import revisions, shown
from schemas.fields import messages
from schemas.findings import Finding, Said, Seen, left_open, standing
from schemas.ids import new_id
from schemas.in_brief import read_findings, says_of_earlier
from schemas.office import EVENTS, How

LAST_DAY = "9999-12-31"
Row = tuple[str, str, str]  # of a visit: id, day, and what it says of findings
_HEARD = "standing = 'accepted' OR (own = 1 AND standing NOT IN ('declined', 'erased'))"
_OURS = "own = 1 AND standing NOT IN ('declined', 'erased')"
_READ = "SELECT id, establishment, date, findings FROM visits WHERE findings <> '' AND void = 0"


def open_at(
    db: Database, establishment: str, *, until: str = LAST_DAY, but: str = "", ours: bool = False
) -> list[Finding]:  # fmt: skip
    """Return what is open at a place, and at the records merged with it, at the end of the day *until*.

    *but* is the visit that is being written down. *ours*: only visits of this laptop, while the lease has ended.
    """
    return left_open(_told(db, establishment, until=until, but=but, ours=ours))


def of_place(db: Database, establishment: str, *, ours: bool = False) -> list[Finding]:
    """Return every finding of a place as it stands, resolved or not, the latest first."""
    return standing(_told(db, establishment, ours=ours))[::-1]


def of_visit(db: Database, establishment: str, inspection: str) -> list[Finding]:
    """Return the findings that a visit left, as they stand now."""
    return [finding for finding in of_place(db, establishment) if finding.inspection == inspection]


def worked_out(db: Database, among: Iterable[str]) -> set[str]:
    """Work out at which places *among* those given something is open; of merged records the one that stands for them.

    Where nobody has looked at a finding yet, it is open: only the others are worked out.
    """
    return {place for place, (rows, papers) in _heard_at(db, among).items() if _any_open(rows, papers)}


def visits_with_open(db: Database, among: Iterable[str]) -> set[str]:
    """Return the visits that left something open, of those at the places *among* that are given."""
    heard = _heard_at(db, among).values()
    return {one.inspection for rows, papers in heard for one in left_open([*papers, *(_visit(*row) for row in rows)])}


def united(db: Database) -> dict[str, str]:
    """Return the records that are merged, and those they are merged into, each with the one that stands for them."""
    roots = dict(db.conn.execute("SELECT id, root FROM establishments WHERE merged_into IS NOT NULL").fetchall())
    return {root: root for root in roots.values()} | roots


def _heard_at(db: Database, among: Iterable[str]) -> dict[str, tuple[list[Row], list[Said]]]:
    """Return what is heard of findings, place by place: rows of visits, and papers; of merged records all together."""
    roots = united(db)
    ids = json.dumps([*roots.keys() | set(among)])
    where: dict[str, str] = {}
    heard: dict[str, tuple[list[Row], list[Said]]] = defaultdict(lambda: ([], []))
    asked = "establishment IN (SELECT value FROM json_each(?))"
    for id, establishment, day, text in db.conn.execute(f"{_READ} AND ({_HEARD}) AND {asked}", (ids,)):
        where[id] = roots.get(establishment, establishment)
        heard[where[id]][0].append((id, day, text))
    for one in _papers(db, where):
        heard[where[one.inspection]][1].append(one)
    return heard


def _any_open(rows: list[Row], papers: list[Said]) -> bool:
    if papers or any(says_of_earlier(text) for _id, _day, text in rows):
        return bool(left_open([*papers, *(_visit(*row) for row in rows)]))
    return True


def _told(
    db: Database, establishment: str, *, until: str = LAST_DAY, but: str = "", ours: bool = False
) -> list[Said]:  # fmt: skip
    ids = json.dumps(members_of_root(db, establishment))
    rows = db.conn.execute(
        f"{_READ} AND ({_OURS if ours else _HEARD}) AND establishment IN (SELECT value FROM json_each(?))"
        "   AND date <= ? AND id <> ?",
        (ids, until, but),
    ).fetchall()
    visits = [_visit(id, day, text) for id, _establishment, day, text in rows]
    return visits + [one for one in _papers(db, [id for id, *_ in rows]) if one.date <= until]


def _visit(id: str, day: str, text: str) -> Said:
    found, followed = read_findings(text)
    return Said(id, day, id, How.ON_SITE, found=found, followed=followed)


def _papers(db: Database, visits: Iterable[str]) -> list[Said]:
    return [_paper(one.id, one.author, one.body) for one in said.of_visits(db.conn, visits, "resolution")]


def _paper(id: str, author: str, body: dict[str, str]) -> Said:
    seen = Seen(body.get("inspection", ""), body.get("finding", ""), True, body.get("seen", ""))
    return Said(seen.inspection, body.get("on", ""), id, body.get("how", ""), author, followed=(seen,))


def resolve(db: Database, inspection: str, finding: str, said: dict[str, str], *, at: datetime) -> str:
    """Keep that a finding is resolved, as seen at the place or on papers, and queue it; return the item's name.

    *said* has `on`, `how` and `seen`. NotValid names what must be put right.
    """
    body = {"inspection": inspection, "finding": finding, **said}
    problems = messages(EVENTS["resolution"].validate(body))
    known = shown(revisions(db.conn, inspection))
    if known is None:
        raise NotKnown("Không có cuộc kiểm tra này trên máy; bấm Nhận về rồi mở lại.")
    day = str(known.body.get("date", ""))
    if "on" not in problems and said["on"] < day:
        problems["on"] = "Ngày khắc phục ở trước cuộc kiểm tra; nhập lại ngày."
    if problems:
        raise NotValid(problems)
    with writing(db) as conn:
        return own.add(conn, "resolution", new_id(), body, author=own.author(conn), at=at)
