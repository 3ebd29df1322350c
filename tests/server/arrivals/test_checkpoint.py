"""Verification, from the beginning and from where it last ended: every kind of tampering is found either way."""

import json
import sqlite3
from contextlib import closing

import pytest

from schemas.items import read
from server.arrivals.checkpoint import note_result, start_over, verify_onward
from server.arrivals.verify import PROJECTIONS, verify
from server.office import Change, make
from server.store import get_meta
from sync.locks import Taken, alone
from tests.conftest import AT


@pytest.fixture
def known(central):
    """A server with some of everything, verified once, and one more visit since."""
    laptop, place = central.laptop(), central.place()
    first = laptop.visit(place)
    laptop.sends(first, laptop.visit(place, outcome="violations"), laptop.visit("018f0000-0000-7000-8000-00000000dead"))
    laptop.sends(laptop.visit(place, base=first, remark="Sửa", reason="Thiếu"))
    check = {"establishment": place, "agency": "Thanh tra sở", "date": "2026-11-01", "paper": ""}
    make(central.db, [Change("outside_check", "018f0000-0000-7000-8000-00000000beef", check)], author="test", at=AT)
    central.first = read(first).name
    assert verify_onward(central.db, central.settings.verified).problems == ()
    laptop.sends(laptop.visit(place))
    return central


def onward(central):
    return verify_onward(central.db, central.settings.verified)


def copy(source, target):
    """Make *target* what *source* is, also where it is open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def tamper(central, statement, *values):
    """Change a table as somebody with the file would, triggers or not."""
    conn = central.db.conn
    triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        conn.execute(f"DROP TRIGGER {name}")
    assert conn.execute(statement, values).rowcount > 0, "it changed nothing"
    for _, sql in triggers:
        conn.execute(sql)


def test_only_what_came_since_is_folded_and_the_rest_is_kept(known):
    verdict = onward(known)

    assert (verdict.problems, verdict.since, verdict.arrivals) == ((), verdict.arrivals - 1, verdict.since + 1)
    assert onward(known).since == verdict.arrivals


def test_what_goes_on_from_a_checkpoint_is_what_a_whole_rebuild_says(known):
    laptop, place = known.laptop("new:15682"), known.place("new:15682")
    for _ in range(3):
        laptop.sends(laptop.visit(place), laptop.visit(known.place()))
        known.edit("establishment", place, {"phone": "0912345678"})
        assert onward(known).problems == ()

    assert verify(known.db).problems == ()


TAMPERED = {
    "a standing in the chain": ("UPDATE arrivals SET standing = 'declined' WHERE seq = (SELECT max(seq) FROM arrivals)",
                                "Chuỗi"),
    "an old row of the chain": ("UPDATE arrivals SET detail = 'x' WHERE seq = 1", "Chuỗi"),
    "an arrival in the middle gone": ("DELETE FROM arrivals WHERE seq = 2", "Thiếu các lượt"),
    "the bytes of an old item": ("UPDATE items SET line = CAST('{' || CAST(line AS TEXT) AS BLOB) WHERE seq = 1",
                                 "không còn như"),
    "the bytes of the last item": ("UPDATE items SET line = x'' WHERE seq = (SELECT max(seq) FROM items)",
                                   "không còn như"),
    "an item gone": ("DELETE FROM items WHERE seq = (SELECT max(seq) FROM items)", "Thiếu nội dung"),
    "an item that never arrived": ("UPDATE items SET seq = 999999 WHERE seq = 3", "không có lượt tiếp nhận"),
    "a present standing": ("UPDATE items SET standing = 'declined' WHERE seq = (SELECT max(seq) FROM items)",
                           "không mang tình trạng"),
    "erased by nobody": ("UPDATE items SET standing = 'erased', line = x'' WHERE seq = (SELECT max(seq) FROM items)",
                         "mà không có quyết định"),
    "a name in the register": ("UPDATE establishments SET name = 'Khác'", "establishments"),
    "a state in the register": ("UPDATE things SET state = '{}' WHERE kind = 'establishment'", "things"),
    "a visit that counts": ("UPDATE visits SET counting = 0", "visits"),
    "a visit gone": ("DELETE FROM visits", "visits"),
    "a row of the feed": ("UPDATE feed SET gone = 1 WHERE kind = 'inspection'", "feed"),
    "a check by others": ("UPDATE outside_checks SET agency = 'Khác'", "outside_checks"),
    "a figure": ("UPDATE coverage_deltas SET inspected = inspected + 1", "Tỷ lệ năm"),
    "what stands aside": ("DELETE FROM aside", "danh sách cần xem"),
    "what is waited for": ("DELETE FROM needs", "còn chờ"),
    "what a run has sent": ("UPDATE runs SET items = items + 1", "đã đếm"),
}  # fmt: skip


def test_tampering_is_found(known):
    """One server for all of them, put right again after each, because a first verification takes its time."""
    file, good = known.settings.database, known.settings.data / "good.db"
    copy(file, good)
    for what, (statement, said) in TAMPERED.items():
        tamper(known, statement)
        problems = onward(known).problems
        assert any(said in problem for problem in problems), (what, problems)
        copy(good, file)
    assert onward(known).problems == ()


@pytest.mark.parametrize("what", ["a standing in the chain", "a visit that counts", "a figure", "what is waited for"])
def test_tampering_is_found_from_the_beginning_too(known, what):
    statement, said = TAMPERED[what]
    tamper(known, statement)

    problems = verify(known.db).problems

    assert any(said in problem for problem in problems), problems


def test_arrivals_that_are_gone_from_the_end_are_missed(known):
    """A chain cannot tell that its end is gone; what was seen the last time can."""
    onward(known)
    last = known.one("SELECT max(seq) FROM arrivals")
    name = known.one("SELECT item FROM arrivals WHERE seq = ?", last)
    for table, column in (("arrivals", "item"), ("items", "name"), ("visits", "item")):
        tamper(known, f"DELETE FROM {table} WHERE {column} = ?", name)

    (problem,) = onward(known).problems

    assert f"đến lượt tiếp nhận {last}" in problem


def test_the_checkpoint_is_started_over_where_it_does_not_fit(known):
    file = known.settings.verified / "rebuilt.db"
    for spoil in (
        lambda: start_over(known.settings.verified),
        lambda: file.write_bytes(b"not a database at all"),
        lambda: known.db.conn.execute("UPDATE meta SET value = 'another' WHERE key = 'lineage'"),
        lambda: _write_meta(file, "by_program"),
        lambda: _write_meta(file, "with_erased"),
    ):
        onward(known)
        spoil()
        verdict = onward(known)
        assert (verdict.problems, verdict.since) == ((), 0)


def _write_meta(file, key):
    conn = sqlite3.connect(file)
    conn.execute("UPDATE meta SET value = 'another' WHERE key = ?", (key,))
    conn.commit()
    conn.close()


def test_an_erasure_starts_the_checkpoint_over_and_is_no_problem(known):
    onward(known)
    body = {"item": known.first, "ground": "Có tên người", "by": "Bà Hạnh",
            "left": {"establishment": known.one("SELECT establishment FROM visits"), "team": "", "date": "2026-11-05",
                     "basis": "planned", "outcome": "no_violation", "members": [{}] * 3, "violations": []}}  # fmt: skip
    receipt = make(known.db, [Change("erasure", "018f0000-0000-7000-8000-00000000e0e0", body)], author="t", at=AT)[0]

    verdict = onward(known)

    assert receipt.standing == "accepted"
    assert (verdict.problems, verdict.erased, verdict.since) == ((), 1, 0)


def test_two_do_not_verify_at_once(known):
    with alone(known.settings.verified / "verify.lock"), pytest.raises(Taken):
        onward(known)


def test_what_was_found_is_kept_for_the_first_page(known):
    tamper(known, "UPDATE visits SET counting = 0")

    note_result(known.db, onward(known), AT)

    told = json.loads(get_meta(known.db.conn, "last_verify"))
    assert told["at"] == "2026-11-20T15:00:00Z"
    assert "visits" in told["problems"][0]


def test_every_projection_is_compared(known):
    """The tables that are folded are all named: what is in none of these lists is checked by nobody."""
    kept = {
        "meta", "items", "arrivals", "unreadable", "runs", "aside", "needs", "coverage_years", "coverage_deltas",
        "coverage_days", "coverage_months",
        "passwords", "credentials", "enrolments", "contacts", "tries", "import_rows", "import_runs",
        "import_headers", "lineages", "lost_contacts",
        "lost_items", "erasures_due", "run_clashes", "carried", "files", "file_claims", "uploads",
        "access_tokens",
        *("audit", "proposals", "proposal_lines", "lookup_index", "lookup_terms", "purposes", "lookup_units"),
        *(f"lookup_index_{part}" for part in ("data", "idx", "docsize", "config")),
        "sessions", "invitations", "second_factors", "recovery_codes", "failures",
        "_sqlite_migrations", "job_runs", "job_requests", "reminders", "holds",
    }  # fmt: skip

    assert set(known.db.table_names()) - kept == set(PROJECTIONS)
