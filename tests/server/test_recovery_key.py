"""The office's recovery key: made once for two people, told to laptops at enrolment, its halves kept nowhere."""

import json

import pytest
from click.testing import CliRunner

from server.cli.main import commands
from server.recovery_key import known
from sync.recovery_key import recipient_of, wrap

KEY = bytes(range(32))
TWO = ("--holder", "Nguyễn Văn A", "--holder", "Trần Thị B")


@pytest.fixture
def call(central):
    def run(*arguments, text="", fails=False):
        done = CliRunner().invoke(commands, [*arguments, "--data", str(central.settings.data)], input=text)
        assert bool(done.exit_code) is fails, done.output
        return done

    return run


def halves_of(done):
    return [line for line in done.stdout.splitlines() if len(line.split()) == 16]


def test_its_halves_are_printed_once_and_stand_nowhere_on_the_server(central, call):
    done = call("recovery-key", "make", *TWO)

    halves = halves_of(done)
    assert len(halves) == 2
    assert known(central.db).holders == ("Nguyễn Văn A", "Trần Thị B")
    kept = central.settings.database.read_bytes()
    assert not any(half.encode() in kept or half.replace(" ", "").encode() in kept for half in halves)
    assert known(central.db).public in done.stderr


def test_both_halves_answer_a_laptop_without_any_data(central, call):
    halves = halves_of(call("recovery-key", "make", *TWO))
    wrapped = wrap(KEY, recipient_of(known(central.db).public))

    typed = "\n".join(halves) + "\n"
    asked = ["recovery-key", "answer", *wrapped.request().split(), "--json"]
    done = CliRunner().invoke(commands, asked, input=typed)

    assert done.exit_code == 0, done.output
    assert wrapped.open(json.loads(done.stdout)["answer"]) == KEY


def test_a_half_that_is_typed_wrong_gets_one_sentence(central, call):
    halves = halves_of(call("recovery-key", "make", *TWO))
    wrapped = wrap(KEY, recipient_of(known(central.db).public))

    done = call("recovery-key", "answer", wrapped.request(), text=f"{halves[0]}\n{halves[0]}\n", fails=True)

    assert "cả hai người" in done.stderr


@pytest.mark.parametrize("holders", [TWO[:2], (*TWO, "--holder", "C"), (*TWO[:2], *TWO[:2])])
def test_it_is_made_for_two_people(call, holders):
    call("recovery-key", "make", *holders, fails=True)
