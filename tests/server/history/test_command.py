"""`doi178-server history`: by id, code of the place, operator or minutes; a purpose, and a line in the log."""

import json

import pytest
from click.testing import CliRunner

from schemas.items import name_of
from schemas.minutes_code import short_of
from server.cli.main import commands
from server.people.users import add_user
from tests.conftest import AT

WHY = "Công văn số 12/CV-CAX"


@pytest.fixture
def run(central):
    """Return a function that runs the command and returns its result."""

    def call(*arguments, why=WHY, as_json=True):
        told = ["--json"] if as_json else []
        return CliRunner().invoke(
            commands, ["history", *arguments, "--purpose", why, "--data", str(central.settings.data), *told]
        )

    return call


def test_a_place_is_told_by_its_id_its_code_and_the_code_on_minutes(central, place, run):
    laptop = central.laptop()
    line = laptop.visit(place)
    laptop.sends(line)

    told = [json.loads(run(named).stdout) for named in (place, "TS-0042", short_of(name_of(line)).text())]

    assert [one["facts"]["id"] for one in told] == [place] * 3
    assert told[0].keys() == {"facts", "spans", "timeline", "repeat", "age"}
    assert [one["day"] for one in told[0]["timeline"] if one["what"] == "visit"] == ["2026-11-05"]


def test_an_operator_is_told_with_what_would_be_a_repeat(place, operator, decide, run):
    decide("1/QĐ", "2026-05-01", "2026-05-10", None, establishment=place)

    told = json.loads(run(operator).stdout)

    assert told["facts"]["places"][0]["place"] == place
    assert [one["said"]["number"] for one in told["timeline"] if one["what"] == "decision"] == ["1/QĐ"]
    assert [one["codes"] for one in told["repeat"]] == [["ND38-15.5b"]]


def test_every_look_up_is_in_the_log_and_one_without_a_purpose_does_not_happen(central, place, run):
    run(place)
    refused = run(place, why="abc")

    assert refused.exit_code == 1
    assert "Lý do chưa rõ" in refused.stderr
    rows = central.db.conn.execute("SELECT what, who, subject, purpose FROM audit").fetchall()
    assert [(what, subject, why) for what, _who, subject, why in rows] == [
        ("history.open", f"establishment:{place}", WHY)
    ]
    assert rows[0][1].startswith("command")


def test_an_account_looks_within_its_area(central, place, operator, run):
    for name, unit in (("ở đây", "new:15664"), ("nơi khác", "new:15682")):
        add_user(central.db, name, role="police", unit=unit, password="mot mat khau dai", author="test", at=AT)

    assert run(place, "--as", "ở đây").exit_code == 0
    for named in (place, operator):
        refused = run(named, "--as", "nơi khác")
        assert refused.exit_code == 1
        assert "ngoài địa bàn" in refused.stderr or "không có cơ sở trong địa bàn" in refused.stderr


def test_what_is_not_there_is_said_in_one_sentence(central, place, run):
    for named in ("không có", "1234 5678 9012 3456 7890"):
        refused = run(named)
        assert refused.exit_code == 1
        assert refused.stderr.count("\n") == 1


def test_it_is_printed_for_people(place, run):
    printed = run(place, as_json=False).stdout

    assert "Karaoke Đông Đô" in printed
    assert "Để tham khảo; người có thẩm quyền xử phạt quyết định." in printed
