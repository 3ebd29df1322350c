"""How far a sync says it is, how long it says it takes, and that it stops when a person says so."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from field_client import history, progress, records
from field_client.attachments import attach_content
from field_client.enrolment import enrol
from field_client.progress import Progress
from field_client.store import open_store
from field_client.syncing import Half, Trouble, connect, sync_now
from field_client.taking import Given
from schemas.attachments import Role
from schemas.ids import new_id
from sync.errors import Unreachable
from tests.field_client.conftest import AT, COMMUNE
from tests.pictures import plain_jpeg


class Hand:
    """A clock that a test turns."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def line():
    return SimpleNamespace(bytes_up=0, bytes_down=0)


def going(line, clock, **work):
    asked = {"records": 10, "record_bytes": 10_000, "files": 1, "file_bytes": 90_000, **work}
    return Progress(line, **asked, clock=clock)


def test_it_says_how_much_of_what_has_to_go_up_is_done(line):
    one = going(line, Hand())

    assert one.part() == 0
    one.settled(5)
    assert one.part() == pytest.approx(0.05)
    one.settled(5)
    one.file_at("a", 45_000, 0)
    assert one.part() == pytest.approx(0.55)
    one.file_at("a", 90_000, 45_000)
    one.file_done()
    assert (one.part(), one.files_done, one.left_bytes()) == (1.0, 1, 0)


def test_what_the_server_had_of_a_file_before_is_no_work_of_this_sync(line):
    one = going(line, Hand(), file_bytes=40_000)

    one.file_at("a", 50_000, 50_000)
    assert one.file_bytes_done == 0
    one.file_at("a", 70_000, 50_000)

    assert one.file_bytes_done == 20_000


def test_it_says_how_long_it_takes_once_it_knows_how_fast_the_line_is(line):
    clock = Hand()
    one = going(line, clock, records=0, record_bytes=0)
    line.bytes_up, clock.at = 1_000, 4.0
    one.took(1)
    assert (one.rate, one.seconds_left()) == (0, None)

    line.bytes_up, clock.at = 41_000, 10.0
    one.file_at("a", 40_000, 0)

    assert one.rate == pytest.approx(4_100)
    assert one.seconds_left() == pytest.approx(50_000 / 4_100)
    clock.at = 12.0
    assert one.seconds_left() == pytest.approx(50_000 / 4_100 - 2)


def test_with_nothing_to_send_there_is_no_share(line):
    one = going(line, Hand(), records=0, record_bytes=0, files=0, file_bytes=0)

    assert one.part() is None
    assert one.seconds_left() is None


def test_others_see_it_while_it_runs_and_not_after(laptop):
    seen = []
    laptop.record()
    before = laptop.line.send

    def send(lines):
        seen.append(progress.running(laptop.settings.database))
        return before(lines)

    laptop.line.send = send
    laptop.sync()

    assert (seen[0].records, seen[0].records_done) == (1, 1)
    assert progress.running(laptop.settings.database) is None


@pytest.fixture
def enrolled(blank, served):
    """A laptop on the real server, with a visit and a photo that wait."""
    assert enrol(blank.db, blank.settings.key, served.invite().text(), at=AT, name="Máy thử")
    sync_now(blank.db)
    place = records.new_establishment(
        blank.db, {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE}, at=AT
    ).id
    visit = records.record(blank.db, new_id(), blank.body(establishment=place), at=AT).id
    attach_content(blank.db, visit, plain_jpeg(at_least=400_000), Given(Role.PHOTO), at=AT)
    return blank


def test_stopped_by_a_person_it_ends_at_once_says_so_and_the_rest_goes_later(enrolled):
    line = connect(enrolled.db)
    held, let_go = threading.Event(), threading.Event()
    before = line.ask_once

    def ask(method, path, **kwargs):
        if method == "PATCH":
            held.set()
            let_go.wait(30)
        return before(method, path, **kwargs)

    line.ask_once = ask
    outcomes = []
    thread = threading.Thread(
        target=lambda: outcomes.append(sync_now(open_store(enrolled.settings.database), line=line))
    )
    thread.start()
    assert held.wait(30)
    progress.running(enrolled.settings.database).stop()
    let_go.set()
    thread.join(30)

    (outcome,) = outcomes
    assert (outcome.trouble, outcome.files_waiting) == (Trouble.STOPPED, 1)
    assert "tạm dừng" in outcome.words
    assert next(history.latest(enrolled.db.conn)).trouble == "stopped"
    again = sync_now(enrolled.db)
    assert (again.trouble, again.files_sent) == ("", 1)


def test_a_request_that_waits_for_its_answer_is_cut(enrolled):
    line, stalled = connect(enrolled.db), threading.Event()
    silent = socket.create_server(("127.0.0.1", 0))
    line.address = f"http://127.0.0.1:{silent.getsockname()[1]}"
    came = []

    def ask():
        try:
            line.since("")
        except Unreachable as error:
            came.append(error)
        stalled.set()

    threading.Thread(target=ask, daemon=True).start()
    near, _ = silent.accept()
    near.recv(10)
    while not line.sockets:
        time.sleep(0.01)
    line.cut()

    assert stalled.wait(10)
    assert len(came) == 1
    with pytest.raises(Unreachable):
        line.since("")
    near.close()
    silent.close()


def test_a_half_is_told_in_the_history(laptop):
    laptop.sync(halves=frozenset({Half.GET}))
    laptop.sync()

    assert [one.way for one in history.latest(laptop.db.conn, limit=2)] == ["both", "get"]
