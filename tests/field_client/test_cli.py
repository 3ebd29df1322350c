"""The commands: what they print for programs, what they say to people, and how they end."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from field_client.cli.main import commands, disk_sentence
from field_client.places import find
from field_client.status import status
from field_client.visits import find as find_visit
from schemas.ids import new_id
from tests.closed import PASSPHRASE, close, opened
from tests.field_client.conftest import place_state

MEMBERS = {f"member/{n}": {"name": name, "agency": "Công an"} for n, name in enumerate(("An", "Bình", "Cường"))}


@pytest.fixture
def closes(monkeypatch):
    """What commands work on is encrypted."""
    monkeypatch.setenv("DOI178_PASSPHRASE", PASSPHRASE)
    return close


@pytest.fixture
def call(laptop):
    def run(*arguments, text=None, fails=False):
        done = CliRunner().invoke(commands, [*arguments, "--data", str(laptop.settings.data)], input=text)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert bool(done.exit_code) is fails, done.output
        return done.stderr if fails else done.stdout

    return run


@pytest.fixture
def form(laptop, call):
    laptop.line.knows("team", laptop.team, MEMBERS)
    laptop.sync()
    return json.loads(call("record", "--template", "KAR-001"))


def record(call, form, *options, **changes):
    return json.loads(call("record", "-", "--json", *options, text=json.dumps(form | changes)))


def test_a_template_is_valid_as_it_is(laptop, form, call):
    kept = record(call, form)

    whole = find_visit(laptop.db, kept["id"])
    assert kept["problems"] == []
    assert (kept["id"], whole.visit.item) == (form["id"], kept["item"])
    assert (whole.visit.establishment, whole.visit.team, whole.visit.counting) == (laptop.place, laptop.team, True)
    assert set(form["answers"].values()) == {"unchecked"}
    assert [member["name"] for member in form["members"]] == ["An", "Bình", "Cường"]


def test_the_same_file_twice_is_one_record(laptop, form, call):
    assert record(call, form) == record(call, form)
    assert laptop.one("SELECT count(*) FROM own") == 1


def test_a_file_is_read_by_name_too(laptop, form, call, tmp_path):
    file = tmp_path / "biên bản.json"
    file.write_text(json.dumps(form), encoding="utf-8")

    assert call("record", str(file)).strip() == form["id"]


def test_what_is_wrong_is_said_field_by_field(form, call):
    said = call("record", "-", text=json.dumps(form | {"date": "2062-01-01"}), fails=True)

    assert "date: Ngày kiểm tra ở sau hôm nay; nhập lại ngày." in said


def test_programs_get_the_problems_as_json(laptop, form):
    given = json.dumps(form | {"outcome": "violations", "basis": "bữa"})

    done = CliRunner().invoke(
        commands, ["record", "-", "--json", "--data", str(laptop.settings.data)], input=given
    )

    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (answer["id"], answer["item"]) == (None, None)
    assert [problem["field"] for problem in answer["problems"]] == ["basis"]
    assert laptop.one("SELECT count(*) FROM own") == 0


@pytest.mark.parametrize("text", ["", "không phải JSON", "[1]", '{"id": 5}', '{"id": "x"}', "{}"])
def test_a_file_that_is_none_gets_one_sentence(laptop, call, text):
    assert call("record", "-", text=text, fails=True)
    assert laptop.one("SELECT count(*) FROM own") == 0


def test_a_place_nobody_knows_is_most_likely_a_slip(form, call):
    said = call("record", "-", text=json.dumps(form | {"establishment": "KAR-999"}), fails=True)

    assert "KAR-999" in said


def test_an_unfinished_one_is_kept_as_a_draft(laptop, form, call):
    kept = record(call, form, "--draft", date="hôm nay")

    assert (kept["id"], kept["item"]) == (form["id"], None)
    assert json.loads(call("status", "--json"))["drafts"] == 1
    record(call, form)
    assert json.loads(call("status", "--json"))["drafts"] == 0


def test_places_are_listed_with_what_programs_need(laptop, call):
    (row,) = json.loads(call("establishments", "--search", "dong do", "--json"))

    assert row["id"] == laptop.place
    assert {"code", "name", "kinds", "unit", "address", "status"} <= set(row)
    assert json.loads(call("establishments", "--not-inspected", "2026", "--kind", "massage", "--json")) == []
    assert "Karaoke Đông Đô" in call("establishments", "--unit", "15664")


def test_a_register_edit_waits_to_be_sent(laptop, call):
    item = json.loads(call("edit", "KAR-001", "phone=0912345678", "status=closed", "from=2026-11-05", "--json"))["item"]

    body = json.loads(laptop.one("SELECT line FROM own WHERE name = ?", item))["body"]
    (span,) = [value for path, value in body["set"].items() if path.startswith("status/")]
    assert span == {"from": "2026-11-05", "status": "closed"}
    assert body["set"]["phone"] == "0912345678"


def test_kinds_begin_and_end(laptop, call):
    call("edit", "KAR-001", "kinds=massage", "from=2026-11-05")

    body = json.loads(laptop.one("SELECT line FROM own"))["body"]
    assert body["set"]["kind/1"] == {"from": "2019-01-01", "kind": "karaoke", "to": "2026-11-04"}
    assert {"from": "2026-11-05", "kind": "massage"} in body["set"].values()


def test_an_address_alone_corrects_the_present_one(laptop, call):
    call("edit", laptop.place, "address=Phố Mới")

    body = json.loads(laptop.one("SELECT line FROM own"))["body"]
    assert body["set"] == {
        "place/1": {"from": "2019-01-01", "epoch": "new", "unit": "15664", "address": "Phố Mới"}
    }


def test_an_operator_is_edited_by_its_id(laptop, call):
    operator = new_id()
    laptop.line.knows("operator", operator, {"name": "Tên cũ", "form": "household"})
    laptop.sync()

    call("edit", operator, "name=Tên mới")

    assert laptop.one("SELECT name FROM operators WHERE id = ?", operator) == "Tên mới"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (["phone"], "viết MỤC=GIÁ_TRỊ"),
        (["nme=x"], "nme: Không có mục này"),
        (["name="], "name: Nhập tên."),
        (["status=shut"], "status: Không có lựa chọn “shut”"),
        (["unit=15664"], "bản đồ:mã"),
        (["kinds=+sauna"], "kinds: Không có lựa chọn “sauna”"),
        (["operator=018f0000-0000-7000-8000-0000000000ff"], "operator: Không có “018f0000"),
        (["kinds=+massage", "kinds=-karaoke"], "ghi hai lần"),
        (["licence.type=antt_certificate", "licence.from=2027-01-01", "licence.to=2026-01-01x"], "licence.to: Ngày"),
    ],
)
def test_an_edit_that_cannot_be_says_so_in_one_sentence(laptop, call, fields, said):
    told = call("edit", "KAR-001", *fields, fails=True)

    assert said in told
    assert laptop.one("SELECT count(*) FROM own") == 0


def test_a_kind_is_added_and_a_paper_ended(laptop, call):
    call("edit", "KAR-001", "kinds=+massage", "from=2026-11-05")
    call("edit", "KAR-001", "licence.type=operating_licence", "licence.number=12/GP")
    call("edit", "KAR-001", "licence.id=12/GP", "licence.to=2026-12-31")

    place = find(laptop.db, "establishment", laptop.place)
    assert place.kinds() == ("karaoke", "massage")
    assert place.spans("licence") == [{"type": "operating_licence", "number": "12/GP", "to": "2026-12-31"}]


def test_an_operator_s_address_is_its_own(laptop, call):
    operator = new_id()
    laptop.line.knows("operator", operator, {"name": "Tên cũ", "form": "household"})
    laptop.sync()

    call("edit", operator, "address=Số 3, Lê Lợi", "form=enterprise")

    assert find(laptop.db, "operator", operator).state == {
        "name": "Tên cũ", "form": "enterprise", "address": "Số 3, Lê Lợi",
    }  # fmt: skip


def test_without_a_line_sync_ends_with_one_sentence(laptop, call):
    laptop.record()

    said = call("sync", fails=True)

    assert "Không có mạng" in said
    assert "Còn 1 hồ sơ chờ gửi" in said
    assert json.loads(call("status", "--json"))["waiting"] == 1


def test_status_tells_programs_what_the_server_has(laptop, call):
    kept = laptop.record()
    laptop.sync()

    told = json.loads(call("status", "--json"))

    assert told["waiting"] == 0
    assert told["last_contact"] == "2026-11-20T15:00:00Z"
    assert told["clock_offset_s"] == 0
    (receipt,) = told["receipts"]
    assert {key: receipt[key] for key in ("item", "id", "revision", "seq", "standing")} == {
        "item": kept.item, "id": kept.id, "revision": 1, "seq": 1, "standing": "accepted",
    }  # fmt: skip


def test_status_tells_people_in_their_own_time(laptop, call):
    laptop.record()

    said = call("status")

    assert "Còn 1 hồ sơ chờ gửi, 0 bản nháp" in said
    assert "Liên lạc lần cuối: 22:00 ngày 20/11/2026" in said


def test_an_export_is_json_lines(laptop, call):
    laptop.record()

    rows = [json.loads(line) for line in call("export").splitlines()]

    assert [row["kind"] for row in rows] == ["establishment", "inspection", "team"]
    assert all(set(row) == {"kind", "id", "standing", "body"} for row in rows)


def test_a_laptop_that_is_not_enrolled_says_how(blank):
    done = CliRunner().invoke(commands, ["sync", "--data", str(blank.settings.data)])

    assert done.exit_code == 1
    assert "doi178-field enrol" in done.stderr


@pytest.mark.parametrize("code", ["", "abc", "D178-xyz"])
def test_a_wrong_code_gets_one_sentence(blank, code):
    done = CliRunner().invoke(commands, ["enrol", code, "--data", str(blank.settings.data)])

    assert done.exit_code == 1
    assert "Mã đăng ký không đúng" in done.stderr


def every_command():
    """Return the commands by their whole names; a group is its commands."""
    found = dict(commands.commands)
    for name, group in commands.commands.items():
        if isinstance(group, click.Group):
            del found[name]
            found |= {f"{name} {part}": command for part, command in group.commands.items()}
    return found


@pytest.mark.parametrize("name", every_command())
def test_every_command_has_a_sentence_and_an_example(name):
    said = every_command()[name].help

    assert "Ví dụ:\n" in said
    assert f"doi178-field {name}" in said
    assert said.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", every_command())
def test_every_command_takes_the_data_folder_and_prints_json(name):
    options = {option for parameter in every_command()[name].params if isinstance(parameter, click.Option)
               for option in parameter.opts}  # fmt: skip
    assert {"--data", "--json"} <= options


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ("database or disk is full", "Ổ đĩa đầy"),
        ("attempt to write a readonly database", "quyền ghi"),
        ("unable to open database file", "quyền ghi"),
        ("database is locked", "chờ một phút"),
        ("disk image is malformed", "báo văn phòng"),
        ("No space left on device: /x", "Ổ đĩa đầy"),
    ],
)
def test_each_trouble_of_the_disk_says_what_to_do(error, word):
    assert word in disk_sentence(error)


def process(*arguments, **kwargs):
    program = [sys.executable, "-c", "from field_client.cli import main; main()", *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False, timeout=60, **kwargs)


def test_as_a_process_with_its_folder_in_the_environment(laptop):
    laptop.record()

    done = process("status", "--json", env={
        "DOI178_DATA": str(laptop.settings.data), "DOI178_PASSPHRASE": PASSPHRASE, "PYTHONPATH": ".", "PATH": "",
    })  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["waiting"] == 1


def test_what_a_newer_program_wrote_gets_one_sentence(laptop):
    laptop.db["_sqlite_migrations"].insert({"migration_set": "field", "name": "m999_later", "applied_at": "2062"})

    done = process("status", "--data", str(laptop.settings.data))

    assert done.returncode == 1
    assert done.stderr == "Error: Dữ liệu do bản mới hơn của chương trình ghi; cài bản mới rồi mở lại.\n"


def test_a_file_in_place_of_the_folder_gets_one_sentence(tmp_path):
    (tmp_path / "tệp").write_text("")

    done = process("status", "--data", str(tmp_path / "tệp" / "trong"))

    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_gets_one_sentence(tmp_path):
    (tmp_path / "field.db").write_text("đây không phải cơ sở dữ liệu" * 100)

    done = process("status", "--data", str(tmp_path))

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_killed_while_it_records_it_keeps_all_of_it_or_nothing(laptop, form):
    rows = [json.dumps(form | {"id": new_id()}) for _ in range(4)]
    for row in rows:
        program = [sys.executable, "-c", "from field_client.cli import main; main()",
                   "record", "-", "--data", str(laptop.settings.data)]  # fmt: skip
        running = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        running.stdin.write(row)
        running.stdin.close()
        try:
            running.wait(0.6)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    db = opened(laptop.settings.data)
    visits, items = (db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("visits", "own"))
    drawn = db.conn.execute("SELECT max(device_seq) FROM own").fetchone()[0] or 0
    assert visits == items == drawn == status(db).waiting




def test_a_file_that_notepad_wrote_is_read(laptop, form, call, tmp_path):
    file = tmp_path / "biên bản.json"
    file.write_text(json.dumps(form), encoding="utf-8-sig")

    assert json.loads(call("record", str(file), "--json"))["id"] == form["id"]


@pytest.mark.parametrize("day", ["abc", "0001-01-01", "2026-13-01"])
def test_a_day_that_is_none_gets_one_sentence(laptop, call, day):
    said = call("edit", "KAR-001", "kinds=massage", f"from={day}", fails=True)

    assert "Ngày không đúng" in said


def test_places_are_listed_by_what_is_assigned_expired_and_never_inspected(laptop, call):
    expired = {"licence/1": {"type": "operating_licence", "number": "1/GP", "to": "2020-01-01"}}
    laptop.line.knows("establishment", laptop.place, expired)
    laptop.line.knows("establishment", new_id(), place_state("Karaoke Khác", code="KAR-002"))
    put_team = {"establishment": laptop.place, "team": laptop.team, "basis": "planned", "given_on": "2026-11-01",
                "expires_on": "2099-12-31"}  # fmt: skip
    laptop.line.knows("assignment", new_id(), put_team)
    laptop.sync()

    def names(*options):
        return [row["name"] for row in json.loads(call("establishments", "--json", *options))]

    assert names("--assigned") == names("--expired-papers") == ["Karaoke Đông Đô"]
    assert names("--never-inspected") == ["Karaoke Đông Đô", "Karaoke Khác"]
    assert names("--open-findings") == []
    laptop.record(outcome="violations", violations=[{"text": "Không có hợp đồng lao động"}])
    assert names("--open-findings") == ["Karaoke Đông Đô"]
    assert names("--never-inspected") == ["Karaoke Khác"]
