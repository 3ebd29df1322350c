"""The program itself: one a data folder, on loopback, found again by the second start."""

import json
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from field_client.locks import Taken, alone
from field_client.running import link_of
from field_client.store import open_store

PROGRAM = [sys.executable, "-c", "from field_client.cli import main; main()", "run", "--no-browser"]


@pytest.fixture
def start(blank):
    running = []

    def build(*arguments):
        command = [*PROGRAM, "--data", str(blank.settings.data), *arguments]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield build
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def link(process):
    """Return the link it prints when it is ready."""
    for line in process.stderr:
        if "http://" in line:
            return next(word for word in line.split() if word.startswith("http://"))
    raise AssertionError("it ended without a link")


def test_it_is_ready_on_loopback_and_ends_on_ctrl_c(start, blank):
    program = start("--port", "0")
    address = link(program)

    with urlopen(address.split("/mo/")[0] + "/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert address.startswith("http://127.0.0.1:")
    program.send_signal(signal.SIGINT)

    assert program.wait(15) == 0
    assert not blank.settings.run_address.exists()


def test_a_second_start_finds_the_first(start):
    address = link(start("--port", "0"))

    second = start()

    assert second.wait(30) == 0
    assert address in second.stderr.read()


def test_a_killed_program_leaves_nothing_in_the_way(start, blank):
    first = start("--port", "0")
    link(first)
    first.kill()
    first.wait()

    assert link(start("--port", "0"))


def test_a_port_that_is_taken_says_what_to_do(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        program = start("--port", str(other.getsockname()[1]))

        assert program.wait(30) == 1
        said = program.stderr.read()
    assert "--port" in said
    assert len(said.strip().splitlines()) == 1


def test_the_link_is_for_this_user_only(start, blank):
    address = link(start("--port", "0"))

    assert blank.settings.run_address.stat().st_mode & 0o077 == 0
    assert json.loads(blank.settings.run_address.read_text())["link"] == address


def test_a_draft_saved_before_a_kill_is_there_after_it(start, laptop):
    from field_client import drafts
    from tests.field_client.conftest import AT

    program = start("--port", "0")
    link(program)
    id = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, id, {"remark": "Đang ghi"}, at=AT)
    program.kill()
    program.wait()

    assert drafts.load(open_store(laptop.settings.database), id).fields["remark"] == "Đang ghi"


def test_a_lock_is_held_by_one_and_released(tmp_path):
    path = tmp_path / "khóa"

    with alone(path), pytest.raises(Taken), alone(path):
        pass

    with alone(path):
        pass


def test_a_lock_goes_with_the_process_that_held_it(tmp_path):
    path = tmp_path / "khóa"
    script = f"import time; from pathlib import Path; from field_client.locks import alone\nwith alone(Path({str(path)!r})): print('held', flush=True); time.sleep(60)"  # noqa: E501
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Taken), alone(path):
        pass

    holder.kill()
    holder.communicate()

    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with alone(path):
                return
        except Taken:
            time.sleep(0.05)
    raise AssertionError("the lock outlived its process")


def test_a_link_that_cannot_be_read_is_the_usual_one(tmp_path):
    assert link_of(tmp_path / "run.json") == "http://127.0.0.1:8179/"
