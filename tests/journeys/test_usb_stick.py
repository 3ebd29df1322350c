"""The USB stick handed in twice: two real programs, files on a folder that stands for the stick, and no line."""

import json

import pytest

from tests.journeys.conftest import call
from tests.journeys.test_nothing_is_lost import agree, fill_outbox
from tests.releases import archive

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "USB của đội"
    folder.mkdir()
    return folder


@pytest.fixture
def office(server_end):
    """The office's commands, on the data of the server that runs."""

    def run(*arguments, fails=False):
        data = str(server_end.central.settings.data)
        return call("server.cli", "bundle", *map(str, arguments), "--data", data, fails=fails)

    return run


def test_the_stick_is_handed_in_twice(server_end, line, new_laptop, stick, office):
    place = server_end.central.place()
    laptop = new_laptop()
    line.down = True
    for _ in range(3):
        laptop.records(place)

    out = json.loads(laptop.call("bundle", "out", str(stick / "đi.d178"), "--json"))
    server_end.central.place()
    first = json.loads(office("in", stick / "đi.d178", "--return", stick / "về.d178", "--json"))
    again = json.loads(office("in", stick / "đi.d178", "--return", stick / "về lần hai.d178", "--json"))
    took = [json.loads(laptop.call("bundle", "in", str(stick / name), "--json"))
            for name in ("về lần hai.d178", "về.d178", "về.d178")]  # fmt: skip

    assert (out["items"], out["files"]) == (3, [str(stick / "đi.d178")])
    assert (first["items"], first["repeats"], first["standings"]) == (3, 0, {"accepted": 3})
    assert (again["items"], again["repeats"]) == (3, 3)
    assert [one["sent"] for one in took] == [3, 0, 0]
    assert laptop.status()["waiting"] == 0
    assert {receipt["standing"] for receipt in laptop.status()["receipts"]} == {"accepted"}
    agree(server_end, laptop)

    line.down = False
    sync = json.loads(laptop.call("sync", "--json"))

    assert (sync["sent"], sync["received"]) == (0, 0)


def test_half_by_stick_and_half_by_line(server_end, line, new_laptop, stick, office):
    place = server_end.central.place()
    laptop = new_laptop()
    fill_outbox(laptop, place, 700)
    laptop.call("bundle", "out", str(stick / "một.d178"))
    fill_outbox(laptop, place, 5)

    laptop.call("sync")
    fill_outbox(laptop, place, 5)
    laptop.call("bundle", "out", str(stick / "hai.d178"))
    for name in ("hai", "một"):
        office("in", stick / f"{name}.d178", "--return", stick / f"{name} về.d178")
    for name in ("một", "hai"):
        laptop.call("bundle", "in", str(stick / f"{name} về.d178"))

    assert laptop.status()["waiting"] == 0
    agree(server_end, laptop)


def test_a_laptop_that_sent_nothing_is_brought_what_is_new(server_end, line, new_laptop, stick, office):
    laptop = new_laptop()
    line.down = True
    for _ in range(3):
        server_end.central.place()

    office("out", "--device", laptop.device, stick / "mới.d178")
    laptop.call("bundle", "in", str(stick / "mới.d178"))

    agree(server_end, laptop)


def test_what_cannot_be_is_one_sentence_and_nothing_is_written(server_end, new_laptop, stick, office):
    laptop = new_laptop()
    (stick / "thư.d178").write_text("một bức thư")
    laptop.call("bundle", "out", str(stick / "đi.d178"))

    said = [
        office("in", stick / "thư.d178", "--return", stick / "về.d178", fails=True),
        office("in", stick / "không có.d178", "--return", stick / "về.d178", fails=True),
        office("in", stick / "đi.d178", "--return", stick / "thư.d178", fails=True),
        office("in", stick / "đi.d178", "--return", stick / "nơi nào" / "về.d178", fails=True),
        office("out", "--device", "x", stick / "về.d178", fails=True),
        laptop.call("bundle", "in", str(stick / "đi.d178"), fails=True),
        laptop.call("bundle", "in", str(stick / "không có.d178"), fails=True),
        laptop.call("bundle", "out", str(stick / "đi.d178"), fails=True),
    ]

    assert [len(one.strip().splitlines()) for one in said] == [1] * len(said), said
    assert all(one.startswith("Error: ") for one in said)
    assert sorted(path.name for path in stick.iterdir()) == sorted(["thư.d178", "đi.d178"])
    assert (stick / "thư.d178").read_text() == "một bức thư"


def test_the_return_brings_the_newest_program(server_end, line, new_laptop, stick, office, tmp_path):
    laptop = new_laptop()
    file = archive(tmp_path / "bản mới.zip")
    data = str(server_end.central.settings.data)
    line.down = True

    call("server.cli", "client", str(file), "--data", data)
    laptop.call("bundle", "out", str(stick / "đi.d178"))
    office("in", stick / "đi.d178", "--return", stick / "về.d178")
    laptop.call("bundle", "in", str(stick / "về.d178"))

    (brought,) = (laptop.data / "releases").iterdir()
    assert brought.read_bytes() == file.read_bytes()
    agree(server_end, laptop)
