"""Versions: what earlier programs wrote is read for as long as two more are written, and bytes are never touched."""

from datetime import date
from pathlib import Path

import pytest

from schemas import versions
from schemas.items import KINDS, SCHEMA, name_of, read
from server.arrivals.prepare import prepare
from sync.judge import Reason

RECORDED = Path(__file__).parent / "recorded"
READ = [version for version in range(1, SCHEMA + 1) if versions.reads(version, SCHEMA)]


def lines(version):
    """Return what programs of that version wrote, as it was recorded."""
    return (RECORDED / f"version-{version}.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("version", READ)
def test_everything_that_a_laptop_of_a_version_wrote_is_read_today(version):
    for line in lines(version):
        one = prepare(line, date(2026, 11, 20))

        assert one.problems == {}, (one.item.kind, one.problems)
        assert one.item.schema == version
        assert one.item.name == name_of(line)


@pytest.mark.parametrize("version", READ)
def test_the_recording_holds_what_laptops_write(version):
    kinds = {read(line).kind for line in lines(version)}

    assert {"inspection", "establishment", "operator", "outside_check", "paper"} <= kinds


def test_the_next_version_must_be_recorded_too():
    recorded = sorted(path.name for path in RECORDED.iterdir())

    assert recorded == [f"version-{version}.jsonl" for version in range(1, SCHEMA + 1)]


@pytest.mark.parametrize(("version", "known"), [(5, True), (4, True), (3, True), (2, False), (6, False), (0, False)])
def test_two_versions_back_are_read_and_none_to_come(version, known):
    assert versions.reads(version, present=5) is known


def test_a_body_goes_through_every_step_between_its_version_and_the_present_one(monkeypatch):
    steps = {3: lambda kind, body: {**body, "b": body["a"] + 1}, 4: lambda kind, body: {**body, "c": body["b"] + 1}}
    monkeypatch.setattr(versions, "STEPS", steps)

    assert versions.upgraded("inspection", {"a": 1}, 3, 5) == {"a": 1, "b": 2, "c": 3}
    assert versions.upgraded("inspection", {"a": 1, "b": 5}, 4, 5) == {"a": 1, "b": 5, "c": 6}
    assert versions.upgraded("inspection", {"a": 1}, 2, 5) == {"a": 1}


def test_what_a_program_yet_to_come_wrote_is_kept_for_it():
    line = lines(SCHEMA)[0].replace(f'"schema":{SCHEMA}'.encode(), f'"schema":{SCHEMA + 1}'.encode())

    assert prepare(line, date(2026, 11, 20)).reason is Reason.SCHEMA
    assert "inspection" in KINDS
