"""`repeat`: the answer with its working, whose decisions are held, and who may be the same operator."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from schemas.ids import new_id
from server.cli.main import commands
from server.law.asking import ask
from server.office import Change, make

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LATE, LATCH = "ND38-15.5b", "ND38-15.6b"


@pytest.fixture
def operator(central):
    """A household that runs a karaoke, with a registration number."""
    id = new_id()
    central.edit("operator", id, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household", "registration": "GĐ-001"})
    central.place(**{"operator/1": {"from": "2019-01-01", "operator": id}})
    return id


@pytest.fixture
def decide(central, decision):
    """Return a function that enters a decision of March 2026, paid in April."""

    def enter(operator, **changes):
        paid = {"decided_on": "2026-03-10", "main_done_on": "2026-04-01"}
        assert central.edit("decision", new_id(), decision(operator=operator, **{**paid, **changes})).standing == (
            "accepted"
        )

    return enter


@pytest.fixture
def run(central):
    """Return a function that runs the command and returns what it printed."""

    def call(*arguments, as_json=True):
        told = ["--json"] if as_json else []
        return CliRunner().invoke(commands, ["repeat", *arguments, "--data", str(central.settings.data), *told])

    return call


def test_a_repeat_is_answered_with_decision_article_and_basis(operator, decide, run):
    decide(operator)

    answer = json.loads(run("--operator", operator, "--code", LATE, "--on", "2026-06-01").stdout)

    assert (answer["answer"], answer["cleared_on"], answer["basis"]) == ("repeat", "2027-04-01", "completed")
    assert answer["missing"] == []
    one = answer["decisions"][0]
    assert (one["number"], one["decided_on"], one["deciding"]) == ("12/QĐ-XPHC", "2026-03-10", True)
    assert one["articles"] == ["NĐ 38/2021 Đ.15.5.b"]


def test_not_found_says_whose_decisions_are_held_and_from_which_day(operator, decide, run):
    decide(operator, codes=[LATCH])

    answer = json.loads(run("--operator", operator, "--code", LATE, "--on", "2026-06-01").stdout)

    assert (answer["answer"], answer["decisions"], answer["cleared_on"]) == ("not_found", [], None)
    assert answer["held_from"] == {
        "from": "2026-03-10",
        "decisions": 1,
        "authorities": [{"authority": "Chủ tịch UBND xã", "from": "2026-03-10", "decisions": 1}],
    }


def test_cannot_tell_names_what_is_missing_in_words(operator, decide, run):
    decide(operator, main_done_on=None, decided_on="2025-03-10")

    answer = json.loads(run("--operator", operator, "--code", LATE, "--on", "2026-06-01").stdout)

    assert answer["answer"] == "cannot_tell"
    assert [one["sentence"] for one in answer["missing"]] == [
        "Thiếu ngày chấp hành xong của Quyết định số 12/QĐ-XPHC: hình thức xử phạt chính."
    ]


def test_people_read_it_in_words_with_the_sentence_that_it_is_no_verdict(operator, decide, run):
    decide(operator, complaint_from="2026-03-15")

    said = run("--operator", operator, "--code", LATE, "--on", "2026-06-01", as_json=False).stdout

    assert said.splitlines()[0] == "Có căn cứ xác định tái phạm"
    assert "Quyết định số 12/QĐ-XPHC ngày 10/03/2026" in said
    assert "đang khiếu nại, khởi kiện" in said
    assert said.splitlines()[-1] == "Để tham khảo; người có thẩm quyền xử phạt quyết định."


def test_an_act_or_operator_that_nobody_knows_is_said_so(operator, run):
    for arguments, words in (
        (("--operator", operator, "--code", "ND38-99"), "Không có mã hành vi ND38-99"),
        (("--operator", new_id(), "--code", LATE), "Không có chủ cơ sở"),
    ):
        done = run(*arguments, "--on", "2026-06-01")
        assert done.exit_code == 1
        assert words in done.stderr


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        ({"name": "Đỗ Văn Được", "form": "household", "registration": "GĐ 001"}, "cannot_tell"),
        ({"name": "Hộ kinh doanh khác", "form": "household", "registration": "GĐ-002"}, "not_found"),
    ],
)
def test_a_possible_duplicate_whose_decisions_would_matter_makes_it_unsure(central, operator, decide, other, answer):
    id = new_id()
    central.edit("operator", id, other)
    decide(id)

    found = ask(central.db.conn, operator, LATE, "2026-06-01").as_json()

    assert found["answer"] == answer
    if answer == "cannot_tell":
        assert found["missing"][0]["sentence"].endswith("với “Đỗ Văn Được” hay không.")
        assert ask(central.db.conn, operator, LATCH, "2026-06-01").finding.answer == "not_found"
        assert ask(central.db.conn, operator, LATE, "2027-04-01").finding.answer == "not_found"


def test_once_a_person_has_said_that_two_are_two_nothing_is_unsure(central, operator, decide):
    twin = new_id()
    central.edit("operator", twin, {"name": "Đỗ Văn Được", "form": "household", "registration": "GĐ 001"})
    decide(twin)
    said = {"kind": "operator", "one": operator, "other": twin}

    make(central.db, [Change("distinct", new_id(), said)], author="test", at=AT)

    assert ask(central.db.conn, operator, LATE, "2026-06-01").finding.answer == "not_found"


def test_a_duplicate_never_takes_a_sure_answer_away(central, operator, decide):
    twin = new_id()
    central.edit("operator", twin, {"name": "Đỗ Văn Được", "form": "household", "registration": "GĐ 001"})
    decide(twin, number="2")
    decide(operator)

    assert ask(central.db.conn, operator, LATE, "2026-06-01").finding.answer == "repeat"


def test_who_is_merged_is_one(central, operator, decide):
    twin = new_id()
    central.edit("operator", twin, {"name": "Đỗ Văn Được", "form": "household", "registration": "GĐ 001"})
    decide(twin)

    central.edit("operator", twin, {"merged_into": operator})

    assert ask(central.db.conn, operator, LATE, "2026-06-01").finding.answer == "repeat"
