"""`make demo`: what a newcomer types first."""

import os
import re
import signal
import subprocess
import sys
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

pytestmark = pytest.mark.timeout(300)
DEMO = [sys.executable, "-m", "server.demo"]


def test_once_walks_the_main_job_and_ends_well():
    done = subprocess.run([*DEMO, "--once"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    before, after = (tuple(map(int, pair)) for pair in re.findall(r"(\d+)/(\d+) cơ sở", done.stdout))
    assert after == (before[0] + 1, before[1])
    assert "Còn 1 hồ sơ chờ gửi" in done.stdout


def test_ctrl_c_stops_both_ends_and_leaves_nothing(tmp_path):
    demo = subprocess.Popen(
        DEMO, stdout=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    said = []
    for line in demo.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    laptop, server = re.findall(r"http://\S+", "".join(said))

    browser = build_opener(HTTPCookieProcessor())
    opened = [browser.open(address, timeout=10).status for address in (laptop, server)]
    os.killpg(demo.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    demo.wait(60)

    assert opened == [200, 200]
    assert demo.returncode == 0
    assert list(tmp_path.iterdir()) == []
    for address in (laptop, server):
        with pytest.raises(OSError, match="refused"):
            browser.open(address, timeout=2)
