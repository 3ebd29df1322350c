"""Returns by command: opened, shown, sent, numbered, written as papers; what is wrong is one sentence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import commands
from tests.server.pages.conftest import COMMUNE


@pytest.fixture
def run(returns):
    def run(*arguments, status=0):
        folder = str(returns.office.settings.data)
        answer = CliRunner().invoke(commands, ["return", *map(str, arguments), "--data", folder])
        assert answer.exit_code == status, answer.output
        return answer.output

    return run


ASKED = ("--unit", COMMUNE, "--plan", "86/KH-UBND", "--report", "half_year", "--year", "2026")


def test_a_return_from_open_to_its_restatements(returns, run):
    id = json.loads(run("open", *ASKED, "--json"))["id"]
    assert json.loads(run("show", id, "--json"))["standing"] == "draft"
    assert "chưa gửi" in run("restate", id, status=1)

    sent = json.loads(run("send", id, "--json"))
    run("number", id, "125", "--on", "2026-06-18")
    returns.office.visit(returns.office.place("Karaoke Sao Đêm"), "2026-06-01")

    assert json.loads(returns.raw(id))["seq"] == sent["seq"]
    shown = json.loads(run("show", id, "--json"))
    assert (shown["number"], shown["code"]) == ("125", sent["code"])
    found = json.loads(run("restate", id, "--json"))["restatements"]
    assert {"visits", "inspected"} <= {line["code"] for line in found}
    assert ("visits", "late") in {(line["code"], line["causes"][0]["why"]) for line in found}
    assert "1 → 2" in run("restate", id)
    assert [one["id"] for one in json.loads(run("list", "--year", "2026", "--json"))["returns"]] == [id]
    assert "đã gửi" in run("send", id, status=1)


def test_make_writes_the_three_papers_in_one_step(run, tmp_path):
    files = json.loads(run("make", *ASKED, "--out", tmp_path / "out", "--json"))["files"]

    begins = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF"}
    assert files.keys() == begins.keys()
    for ending, path in files.items():
        assert Path(path).read_bytes().startswith(begins[ending])


@pytest.mark.parametrize(("arguments", "said"), [
    (("show", "x"), "Không có báo cáo"),
    (("open", "--unit", "15664", "--report", "half_year", "--plan", "99/KH"), "Không rõ kế hoạch"),
    (("open", "--unit", "99999", "--report", "half_year"), "Không có đơn vị"),
    (("open", "--unit", "new:15664", "--report", "half_year"), "Chọn kế hoạch"),
    (("document", "x", "a.odt"), ".docx"),
])  # fmt: skip
def test_what_is_wrong_is_one_sentence(run, arguments, said):
    assert said in run(*arguments, status=1)
