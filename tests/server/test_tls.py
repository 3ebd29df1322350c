"""HTTPS without a domain: the laptop trusts one key, whoever signed it, and no other."""

import base64
import json
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_client.enrolment import enrol
from field_client.settings import Settings
from field_client.store import get_meta, open_store
from field_client.syncing import Trouble, sync_now
from server.clock import now
from server.door.enrol import invite
from server.keys import write_tls
from server.moves import moves, rekey
from sync.enrolment import proof
from sync.errors import Refused, Unreachable
from sync.http import HttpLine
from sync.locks import Taken, alone
from sync.moving import move

HOST = "127.0.0.2"  # not what we call loopback, so the server speaks TLS; and still this machine


class Running:
    """The real server with TLS of its own, that can be stopped and started again on its port."""

    def __init__(self, central):
        self.central, self.process = central, None
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]

    def start(self):
        data = str(self.central.settings.data)
        command = ["run", "--host", HOST, "--port", str(self.port), "--data", data, "--workers", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from server.cli import main; main()", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait(HOST, self.port)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def running(central):
    server = Running(central)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def served(running):
    return f"https://{HOST}:{running.port}"


def _wait(host, port):
    for _ in range(200):
        try:
            with socket.create_connection((host, port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_the_pinned_key_is_trusted_and_every_other_key_is_not(central, served):
    secret = invite(central.db, central.keys, unit="new:15664", team=None, address=served, at=now()).code.secret
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()

    with pytest.raises(Refused) as refused:
        HttpLine(served, "0" * 64).enrol(secret, "Máy", public, proof(key, secret))
    answer = HttpLine(served, central.keys.fingerprint).enrol(secret, "Máy", public, proof(key, secret))
    page = HttpLine(served, central.keys.fingerprint, answer["credential"]).since("")

    assert refused.value.slug == "other-key"
    assert page.changes


@pytest.fixture
def laptop(tmp_path):
    """A laptop's store and key; nothing is enrolled yet."""
    settings = Settings(tmp_path / "laptop")
    db = open_store(settings.database)
    yield db, settings.key
    db.close()


def let_in(central, served, laptop):
    code = invite(central.db, central.keys, unit="new:15664", team=None, address=served, at=now()).code
    enrol(*laptop, code.text(), at=now())
    assert not sync_now(laptop[0]).trouble
    return code


def test_a_laptop_follows_the_server_through_two_moves_of_its_key_and_says_so(central, running, served, laptop):
    let_in(central, served, laptop)
    for _ in range(2):
        moved = rekey(central.settings.keys, now())
    running.stop()
    running.start()

    outcome, after = sync_now(laptop[0]), sync_now(laptop[0])

    assert (outcome.trouble, after.trouble) == (Trouble.NONE, Trouble.NONE)
    assert "đã đổi khóa" in outcome.notice
    assert after.notice == ""
    assert get_meta(laptop[0].conn, "fingerprint") == moved.fingerprint


def test_a_code_from_before_the_move_still_brings_a_laptop_in(central, running, served, laptop):
    code = invite(central.db, central.keys, unit="new:15664", team=None, address=served, at=now()).code
    moved = rekey(central.settings.keys, now())
    running.stop()
    running.start()

    enrol(*laptop, code.text(), at=now())

    assert get_meta(laptop[0].conn, "fingerprint") == moved.fingerprint
    assert not sync_now(laptop[0]).trouble


@pytest.mark.parametrize("says", ["nothing", "a move that another key signed", "the server's own moves"])
def test_who_has_another_key_and_no_word_of_the_old_one_learns_nothing(central, running, served, laptop, says):
    let_in(central, served, laptop)
    rekey(central.settings.keys, now())
    running.stop()
    pin = get_meta(laptop[0].conn, "fingerprint")
    told = {
        "nothing": [],
        "a move that another key signed": [
            {**moves(central.settings.keys)[0], "new": "0" * 64},
            move(ec.generate_private_key(ec.SECP256R1()), "0" * 64, "2026-11-20T15:00:00Z").as_dict(),
        ],
        "the server's own moves": moves(central.settings.keys),
    }[says]
    with Impostor(running.port, {"moves": told}) as impostor:
        outcome = sync_now(laptop[0])

    assert (outcome.trouble, outcome.notice) == (Trouble.REFUSED, "")
    assert "không phải khóa đã đăng ký" in outcome.words
    assert get_meta(laptop[0].conn, "fingerprint") == pin
    assert {path for path, _ in impostor.heard} == {"/api/v1/key"}
    assert not any({"authorization", "doi178-report"} & headers.keys() for _, headers in impostor.heard)


class Impostor:
    """Somebody on the server's address with a key of his own, who notes whatever he is told."""

    def __init__(self, port, answer):
        self.heard = []
        folder = Path(tempfile.mkdtemp())
        write_tls(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "tls.crt", folder / "tls.pem")
        shutil.rmtree(folder)
        heard, body = self.heard, json.dumps(answer).encode()

        class Ear(BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.do_GET()

            def log_message(self, *args):
                """Say nothing."""

        self.server = ThreadingHTTPServer((HOST, port), Ear)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def test_plain_http_beyond_loopback_is_refused_before_anything_is_sent():
    with pytest.raises(Refused) as refused:
        HttpLine(f"http://{HOST}:1", "0" * 64)

    assert refused.value.slug == "plain-http"


def test_a_server_that_is_not_there_is_a_normal_day():
    with pytest.raises(Unreachable):
        HttpLine("http://127.0.0.1:9", "0" * 64).since("")


def test_a_server_of_several_processes_does_its_jobs_as_long_as_it_runs(running):
    lock = running.central.settings.data / "jobs.lock"
    assert becomes(True, lock)

    running.stop()

    assert becomes(False, lock)
    running.start()
    assert becomes(True, lock)


def becomes(held, lock):
    """Say whether somebody does the jobs, or nobody does, once there was time for it."""
    for _ in range(150):
        if is_held(lock) is held:
            return True
        time.sleep(0.2)
    return False


def is_held(lock):
    try:
        with alone(lock):
            return False
    except Taken:
        return True
