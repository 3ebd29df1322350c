"""HTTPS without a domain: the laptop trusts one key, whoever signed it, and no other."""

import base64
import socket
import subprocess
import sys
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.clock import now
from server.door.enrol import invite
from sync.enrolment import proof
from sync.errors import Refused, Unreachable
from sync.http import HttpLine

HOST = "127.0.0.2"  # not what we call loopback, so the server speaks TLS; and still this machine


@pytest.fixture
def served(central):
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = ["run", "--host", HOST, "--port", str(port), "--data", str(central.settings.data), "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-c", "from server.cli import main; main()", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait(HOST, port)
    yield f"https://{HOST}:{port}"
    process.terminate()
    process.wait(20)


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


def test_plain_http_beyond_loopback_is_refused_before_anything_is_sent():
    with pytest.raises(Refused) as refused:
        HttpLine(f"http://{HOST}:1", "0" * 64)

    assert refused.value.slug == "plain-http"


def test_a_server_that_is_not_there_is_a_normal_day():
    with pytest.raises(Unreachable):
        HttpLine("http://127.0.0.1:9", "0" * 64).since("")
