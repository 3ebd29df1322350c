"""A server that says it is busy: the sync waits and goes on; a failed line makes the next sync begin with little."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from field_client.syncing import DeviceLine, Outcome, Trouble, _pace
from sync.errors import Unreachable
from sync.pace import AFTER_FAILURE, FIRST
from sync.patience import Patience


class Busy(BaseHTTPRequestHandler):
    """Says 429 so many times, and then hands back what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(body)
        if len(self.server.asked) <= self.server.refusals:
            self._answer(429, b"{}", {"Retry-After": "2", "Content-Type": "application/problem+json"})
        else:
            self._answer(200, body, {})

    def do_PATCH(self):
        self.do_POST()

    def _answer(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as listening:
        listening.asked, listening.refusals = [], 2
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening
        listening.shutdown()


@pytest.fixture
def line(server):
    slept = []
    made = DeviceLine(f"http://127.0.0.1:{server.server_port}", "")
    made.patience = Patience(sleep=slept.append, chance=lambda: 0.0)
    made.slept = slept
    return made


def test_it_comes_back_when_the_server_said(server, line):
    assert line.ask("POST", "/", data=b"hello").content == b"hello"

    assert line.slept == [2.0, 2.0]
    assert server.asked == [b"hello"] * 3


def test_a_body_that_is_read_in_parts_is_sent_again_from_its_beginning(tmp_path, server, line):
    (tmp_path / "piece").write_bytes(b"piece" * 1000)
    with (tmp_path / "piece").open("rb") as piece:
        assert line.ask("PATCH", "/", data=piece).content == b"piece" * 1000


def test_a_server_that_stays_busy_is_left_alone(server, line):
    server.refusals = 1000

    with pytest.raises(Unreachable) as left:
        line.ask("POST", "/", data=b"hello")

    assert left.value.retry_after == 2.0
    assert sum(line.slept) == line.patience.waited <= 25


def test_what_was_waited_stands_in_the_outcome():
    assert Outcome(waited_s=4.04).as_dict()["waited_s"] == 4.0


def test_after_a_line_that_failed_a_sync_begins_with_little(laptop):
    laptop.line.down = True
    assert laptop.sync().trouble is Trouble.OFFLINE
    assert _pace(laptop.db.conn).bytes == AFTER_FAILURE

    laptop.line.down = False
    laptop.sync()

    assert _pace(laptop.db.conn).bytes == FIRST


def test_the_first_sync_of_all_begins_as_usual(blank):
    assert _pace(blank.db.conn).bytes == FIRST
