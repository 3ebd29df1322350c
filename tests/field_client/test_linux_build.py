"""The folder that is handed out, built for real: it runs without this checkout, and follows an update by itself."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
import requests

from field_client.packaging import build
from server.clients.keeping import add
from sync.release import INSIDE
from tests.closed import PASSPHRASE

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="a build for Linux"), pytest.mark.timeout(600)]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packaging")
    return build.build(folder, folder / "work")


class Running:
    """The start file as a process, and a browser's worth of client on its pages."""

    def __init__(self, home: Path, data: Path) -> None:
        environment = {"HOME": str(home), "PATH": os.defpath, "DOI178_DATA": str(data), "LANG": "C.UTF-8"}
        environment["DOI178_PASSPHRASE"] = PASSPHRASE
        self.process = subprocess.Popen(
            [str(home / "doi178"), "--port", "0", "--no-browser"], env=environment, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.session = requests.Session()
        self.address = self.open()

    def open(self) -> str:
        for line in self.process.stderr:
            if "http://" in line:
                link = next(word for word in line.split() if word.startswith("http://"))
                self.session.get(link, timeout=30)
                return link.partition("/mo/")[0]
        raise AssertionError("it ended without a link")

    def post(self, path: str, seen: str, **form: str) -> str:
        token = TOKEN.search(self.session.get(self.address + seen, timeout=30).text)[1]
        answer = self.session.post(self.address + path, data={"csrf_token": token, **form}, timeout=60)
        return answer.text

    def waits_for_the_whole(self) -> None:
        last = time.monotonic() + 300  # a busy machine
        while not (told := self.session.get(f"{self.address}/cap-nhat/tien-do", timeout=60).json())["whole"]:
            assert time.monotonic() < last, f"the newer program never came whole: {told}"
            time.sleep(0.1)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)  # the start file, and the program that it started
        self.process.wait(30)
        self.process.stderr.close()


@pytest.fixture
def start(tmp_path):
    running = []

    def begin(home):
        running.append(Running(home, tmp_path / "dữ liệu"))
        return running[-1]

    yield begin
    for one in running:
        one.stop()


def test_it_runs_by_itself(built, tmp_path, start):
    home = Path(shutil.copytree(built, tmp_path / "Đội 178"))
    program = start(home)

    with urlopen(f"{program.address}/healthz", timeout=20) as answer:
        assert answer.status == 200
    assert "Mã đăng ký" in program.session.get(program.address, timeout=20).text
    assert program.session.get(f"{program.address}/look/doi178.css", timeout=20).ok
    assert (home / "programs" / (home / "current.txt").read_text().strip() / "started").exists()


def test_it_takes_the_newer_program_that_its_server_has(built, tmp_path, start, served):
    home = Path(shutil.copytree(built, tmp_path / "Đội 178"))
    program = start(home)
    program.post("/dang-ky", "/dang-ky", code=served.invite().text(), name="Máy thử")
    newer = Path(shutil.copytree(next((built / "programs").iterdir()), tmp_path / "newer"))
    (newer / INSIDE).write_text(json.dumps(build.describe("9.9.9", build.this_machine())))
    release = add(served.central.settings.clients, build.pack(newer, tmp_path / "newer.zip"))

    assert "9.9.9" in program.post("/cap-nhat/hoi", "/cap-nhat")
    program.post("/cap-nhat/tai", "/cap-nhat")
    program.waits_for_the_whole()
    program.post("/cap-nhat/cai", "/cap-nhat")
    program.address = program.open()

    assert (home / "current.txt").read_text().strip() == release.version
    assert (home / "programs" / "9.9.9" / "started").exists()
    assert "9.9.9" not in program.session.get(f"{program.address}/healthz", timeout=20).text
    assert "Về bản trước" in program.session.get(f"{program.address}/cap-nhat", timeout=20).text
