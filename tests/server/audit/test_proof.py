"""The log is added to and never changed: what anybody does to it shows."""

import json
from datetime import UTC, datetime

import pytest

from server.arrivals.verify import verify
from server.audit import Entry, note
from server.audit.proof import FILE, anchor, check_log, forget
from server.recovery.nightly import prove
from server.store import writing

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    """Where the last check is remembered."""
    (tmp_path / "verified").mkdir()
    return tmp_path / "verified"


def write(central, *purposes):
    with writing(central.db) as conn:
        for purpose in purposes:
            note(conn, Entry("history.open", "u", "police", "establishment:e", "new:15664", purpose), AT)


def tamper(central, statement, *values):
    """Change the log as somebody with the file in hands would."""
    with writing(central.db) as conn:
        for name in ("audit_is_never_changed", "audit_is_never_removed"):
            conn.execute(f"DROP TRIGGER IF EXISTS {name}")
        conn.execute(statement, values)


def test_a_log_that_nobody_touched_is_whole(central, folder):
    write(central, "một", "hai", "ba")
    anchor(central.db, AT)

    assert check_log(central.db.conn, folder) == []
    assert check_log(central.db.conn, folder) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET purpose = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_a_change(central, statement):
    write(central, "một")

    with pytest.raises(Exception, match="the log is never changed"):
        central.db.conn.execute(statement)


@pytest.mark.parametrize("column", ["at", "what", "who", "role", "subject", "unit", "purpose", "detail"])
def test_a_line_that_was_changed_shows(central, folder, column):
    write(central, "một", "hai", "ba")
    tamper(central, f"UPDATE audit SET {column} = 'khác' WHERE seq = 2")

    assert check_log(central.db.conn, folder) == [
        "Nhật ký: chuỗi đứt ở dòng 2: dòng đó hoặc một dòng trước nó đã bị sửa."
    ]


def test_a_line_that_was_taken_out_of_the_middle_shows(central, folder):
    write(central, "một", "hai", "ba")
    tamper(central, "DELETE FROM audit WHERE seq = 2")

    assert check_log(central.db.conn, folder) == ["Nhật ký: thiếu các dòng từ 2 đến 2."]


def test_lines_cut_off_the_end_show_by_what_stands_among_the_arrivals(central, folder):
    write(central, "một", "hai", "ba")
    anchor(central.db, AT)
    tamper(central, "DELETE FROM audit WHERE seq >= 2")

    assert check_log(central.db.conn, folder) == [
        "Nhật ký: dòng 3 không còn như đã ghi trong các lượt tiếp nhận."
    ]


def test_lines_cut_off_and_written_anew_show_too(central, folder):
    write(central, "một", "hai", "ba")
    anchor(central.db, AT)
    tamper(central, "DELETE FROM audit WHERE seq >= 2")
    write(central, "khác", "khác", "khác")

    assert check_log(central.db.conn, folder) != []


def test_lines_cut_off_since_the_last_check_show_without_an_anchor(central, folder):
    write(central, "một", "hai", "ba")
    assert check_log(central.db.conn, folder) == []
    tamper(central, "DELETE FROM audit WHERE seq = 3")

    assert "lần kiểm chứng trước đã thấy đến dòng 3" in check_log(central.db.conn, folder)[0]


def test_the_next_check_goes_on_from_the_last_and_a_whole_one_from_the_beginning(central, folder):
    write(central, "một", "hai")
    check_log(central.db.conn, folder)
    write(central, "ba")
    tamper(central, "UPDATE audit SET purpose = 'khác' WHERE seq = 1")

    onward = check_log(central.db.conn, folder)
    forget(folder)

    assert onward == []
    assert check_log(central.db.conn, folder) != []


def test_a_check_that_cannot_be_read_is_no_check(central, folder):
    write(central, "một")
    (folder / FILE).write_text("{")

    assert check_log(central.db.conn, folder) == []
    assert json.loads((folder / FILE).read_text())["seq"] == 1


def test_a_head_is_written_down_only_when_something_came(central):
    write(central, "một")

    assert [anchor(central.db, AT), anchor(central.db, AT)] == [True, False]
    assert central.one("SELECT count(*) FROM items WHERE kind = 'log_head' AND standing = 'accepted'") == 1


def test_verify_tells_of_the_log_and_a_rebuild_knows_its_heads(central):
    write(central, "một")
    anchor(central.db, AT)
    assert prove(central.db, central.settings).problems == ()
    assert verify(central.db).problems == ()

    tamper(central, "DELETE FROM audit")

    assert any("Nhật ký" in problem for problem in prove(central.db, central.settings).problems)


def test_a_laptop_writes_no_head(central):
    laptop = central.laptop()
    body = {"seq": 1, "chain": "0" * 64}

    assert laptop.sends(laptop.line("log_head", "018f0000-0000-7000-8000-000000000009", body)) == ["quarantined"]
