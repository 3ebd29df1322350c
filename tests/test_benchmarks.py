"""`make bench` still runs and says what it promises. What it measures on a test's machine is nobody's business."""

import json
import re
import socketserver
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from urllib.request import urlopen

import pytest

from benchmarks.__main__ import FAMILIES
from benchmarks.baselines.line import baselines
from benchmarks.figure import Figure, percentile
from benchmarks.proxy import counting

ROOT = Path(__file__).parents[1]
FIGURES = [name for family in FAMILIES for name in family.figures]
CHEAP = ("page_history_office", "search_office", "coverage", "import", "way", "way_p95", "day", "day_bytes", "nochange",
         "return_figures")
KEYS = {"figure", "size", "value", "unit", "baselines", "ratios"}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def toy() -> subprocess.CompletedProcess[str]:
    """Measure the cheap figures at a size that measures nothing."""
    return bench("--size", "toy", "--only", *CHEAP)


def test_stdout_is_one_json_line_a_figure_and_nothing_else(toy):
    assert toy.returncode == 0, toy.stderr
    said = [json.loads(line) for line in toy.stdout.splitlines()]

    assert sorted(figure["figure"] for figure in said) == sorted(CHEAP)
    for figure in said:
        assert figure.keys() - {"note"} == KEYS
        assert figure["size"] == "toy"
        assert figure["value"] > 0
        assert figure["baselines"].keys() == figure["ratios"].keys()


def test_a_sync_with_nothing_to_do_is_one_request(toy):
    figures = {figure["figure"]: figure for figure in map(json.loads, toy.stdout.splitlines())}

    assert figures["nochange"]["note"] == "requests: GET"


def test_laptops_that_come_at_once_lose_nothing_and_every_request_is_answered():
    answer = bench("--size", "toy", "--only", "fleet*", "steady*", "first*")
    assert answer.returncode == 0, answer.stderr
    figures = {figure["figure"]: figure for figure in map(json.loads, answer.stdout.splitlines())}

    assert figures.keys() == {"fleet", "fleet_worst_wait", "fleet_lost", "steady_p95", "first_sync", "first_sync_area"}
    assert figures["fleet_lost"]["value"] == 0
    assert figures["fleet"]["baselines"].keys() == {"push"}
    assert "120 requests" in figures["steady_p95"]["note"]


def test_how_it_goes_is_told_on_stderr(toy):
    assert "toy: coverage" in toy.stderr


def test_a_size_that_there_is_not_is_refused_in_words():
    answer = bench("--size", "XXL")

    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "XXL" in answer.stderr


def test_a_figure_that_there_is_not_is_refused_in_words():
    answer = bench("--only", "pish")

    assert answer.returncode == 2
    assert "pish" in answer.stderr


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_its_row_in_the_docs(name):
    rows = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert re.search(rf"^\| `{name}` \|", rows, re.MULTILINE)


def test_no_two_families_claim_one_figure():
    assert len(FIGURES) == len(set(FIGURES))


def test_a_ratio_is_the_value_over_the_baseline():
    figure = Figure("push", "S", 500, "records/s", {"raw": 2000, "bare": 0})

    assert json.loads(figure.line())["ratios"] == {"raw": 0.25, "bare": None}


@pytest.mark.parametrize(("percent", "value"), [(50, 10.0), (95, 19.0), (100, 20.0)])
def test_a_percentile_is_one_of_the_values(percent, value):
    assert percentile([float(n) for n in range(20, 0, -1)], percent) == value


class _Greets(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nxin")


def test_the_proxy_counts_headers_and_all():
    with socketserver.TCPServer(("127.0.0.1", 0), _Greets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with counting(f"http://127.0.0.1:{server.server_address[1]}") as line:
            assert urlopen(line.address, timeout=10).read() == b"xin"
            up, down, connections = line.up, line.down, line.connections
        server.shutdown()

    assert down == len("HTTP/1.0 200 OK\r\n\r\nxin")
    assert up > len("GET / HTTP/1.1\r\n\r\n")
    assert connections == 1


def test_the_baselines_keep_what_they_are_sent(tmp_path):
    lines = [json.dumps({"id": str(n), "text": "Đông Đô"}, ensure_ascii=False).encode() for n in range(3)]
    with baselines(tmp_path) as simple:
        simple.raw_push(lines)
        simple.raw_pull(tmp_path / "fetched.db")
        simple.bare_push(lines[0])
        kept = json.loads(simple.bare_pull("0"))

    assert kept == json.loads(lines[0])
    fetched = sqlite3.connect(tmp_path / "fetched.db")
    assert [row[0].encode() for row in fetched.execute("SELECT line FROM lines ORDER BY n")] == lines
