"""Codes on minutes at the laptop: what it prints, and what it proves offline by what it holds and was told."""

import json
from base64 import b64encode

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_client.cli.main import commands
from field_client.minutes_code import code_of, short_code_of
from field_client.outcome import Half
from field_client.store import put_meta, writing
from field_client.store.mirror import leave_area, start_over
from field_client.store.visits import revisions
from field_client.verification import keys_at, prove
from schemas.ids import new_id
from schemas.items import name_of, write
from schemas.minutes_answer import Answer
from schemas.minutes_code import Minutes, WrongCode, parse, short_of, sign
from tests.field_client.fake_line import SERVER_TIME

FAR = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
FAR_DEVICE = new_id()


def public(key):
    return b64encode(key.public_key().public_bytes_raw()).decode()


def last(laptop, id):
    return revisions(laptop.db.conn, id)[-1]


def printed(laptop, id):
    """Return the code on the paper of the last revision of a visit."""
    return code_of(laptop.db, laptop.settings, last(laptop, id))


def answer(laptop, text):
    return prove(laptop.db, laptop.settings, text).answer


def far(name="7f" * 32, inspection=None, key=FAR, **said):
    """Return the code on a paper from a laptop elsewhere."""
    minutes = Minutes(**{"inspection": inspection or new_id(), "revision": 1, "date": "2026-11-05", "name": name,
                         "device": FAR_DEVICE} | said)  # fmt: skip
    return sign(minutes, key.sign).text()


@pytest.fixture
def knows(laptop):
    """The laptop has been told the key of the laptop elsewhere."""
    laptop.line.tells("device_key", FAR_DEVICE, state={"public_key": public(FAR)})
    laptop.sync()
    return laptop


def test_what_was_finalised_here_matches_before_and_after_it_was_sent(laptop):
    kept = laptop.record()
    before = answer(laptop, printed(laptop, kept.id)), answer(laptop, short_code_of(last(laptop, kept.id)))
    laptop.sync()

    assert before == (Answer.MATCHES, Answer.MATCHES)
    assert answer(laptop, printed(laptop, kept.id)) is Answer.MATCHES


def test_the_code_says_what_the_revision_is(laptop):
    kept = laptop.record(date="2026-11-06")

    said = parse(printed(laptop, kept.id)).minutes

    assert (said.inspection, said.revision, said.date, said.name) == (kept.id, 1, "2026-11-06", kept.item)
    assert said.device == laptop.one("SELECT value FROM meta WHERE key = 'device'")
    assert short_code_of(last(laptop, kept.id)) == short_of(kept.item).text()


def test_where_the_server_is_public_the_square_is_a_link(laptop):
    kept = laptop.record()
    with writing(laptop.db) as conn:
        put_meta(conn, "address", "https://kiemtra.thanhhoa.gov.vn")

    assert printed(laptop, kept.id).startswith("HTTPS://KIEMTRA.THANHHOA.GOV.VN/V/")
    assert answer(laptop, printed(laptop, kept.id)) is Answer.MATCHES


def test_a_correction_replaces_and_a_void_voids(laptop):
    kept = laptop.record()
    first = printed(laptop, kept.id)
    laptop.record(id=kept.id, date="2026-11-06", reason="Sai ngày")
    second = printed(laptop, kept.id)
    assert (answer(laptop, first), answer(laptop, second)) == (Answer.REPLACED, Answer.MATCHES)

    laptop.record(id=kept.id, void=True, reason="Nhầm cơ sở")

    assert {answer(laptop, code) for code in (first, second, printed(laptop, kept.id))} == {Answer.REPLACED}


def test_our_correction_that_waits_aside_still_matches(laptop):
    kept = laptop.record()
    laptop.sync()
    wrong = laptop.record(id=kept.id, date="2026-11-06", reason="Sai ngày")
    laptop.sync()
    laptop.line.decides(wrong.item, "quarantined", {"reason": "content", "problems": {"date": "Sai"}})
    laptop.sync()

    assert answer(laptop, printed(laptop, kept.id)) is Answer.MATCHES


def other_teams(laptop, **said):
    """Tell of a visit that another laptop made, and return its id and line."""
    id = new_id()
    line = write(kind="inspection", id=id, base=None, device=FAR_DEVICE, run=new_id(), device_seq=1, author="Khác",
                 recorded_at="2026-11-05T15:00:00Z", body=laptop.body(**said))  # fmt: skip
    laptop.line.tells("inspection", id, revisions=(("accepted", line),))
    laptop.sync()
    return id, line


def test_another_teams_visit_is_printed_again_under_this_laptops_name(knows):
    id, line = other_teams(knows)

    again = printed(knows, id)

    assert parse(again).minutes.name == name_of(line)
    assert answer(knows, again) is Answer.MATCHES
    assert answer(knows, far(name_of(line), id)) is Answer.MATCHES


@pytest.mark.parametrize("wrong", [{"revision": 2}, {"date": "2026-11-06"}])
def test_a_code_that_says_something_else_of_what_is_here_does_not_match(knows, wrong):
    id, line = other_teams(knows)

    assert answer(knows, far(name_of(line), id, **wrong)) is Answer.NO_MATCH


def test_what_is_not_here_is_signed_by_a_laptop_that_the_server_told_of(knows):
    assert answer(knows, far()) is Answer.NOT_RECEIVED


def test_a_key_that_nobody_told_of_proves_nothing(laptop):
    assert answer(laptop, far()) is Answer.NO_MATCH


def test_another_key_in_that_name_proves_nothing(knows):
    assert answer(knows, far(key=Ed25519PrivateKey.generate())) is Answer.NO_MATCH


@pytest.mark.parametrize("closed", ["revoked_on", "retired_on"])
def test_a_closed_laptop_is_believed_only_of_what_is_here(knows, closed):
    id, line = other_teams(knows)
    knows.line.tells("device_key", FAR_DEVICE, state={"public_key": public(FAR), closed: "2026-11-20"})
    knows.sync()

    assert answer(knows, far()) is Answer.NO_MATCH
    assert answer(knows, far(name_of(line), id)) is Answer.MATCHES


def test_the_paper_of_an_erased_revision_was_replaced_by_the_later_one(knows):
    id, _ = other_teams(knows, revision=2, reason="Che thông tin")

    assert answer(knows, far("aa" * 32, id, revision=1)) is Answer.REPLACED
    assert answer(knows, far("aa" * 32, id, revision=2)) is Answer.NOT_RECEIVED


def test_a_short_code_that_is_not_here_does_not_match_and_says_so_of_itself(knows):
    proof = prove(knows.db, knows.settings, short_of("0" * 64).text())

    assert (proof.answer, proof.short, proof.inspection) == (Answer.NO_MATCH, True, "")


def test_the_age_of_the_keys_is_that_of_the_last_whole_pull(laptop):
    assert keys_at(laptop.db) == SERVER_TIME

    laptop.line.server_time = "2026-11-21T15:00:00Z"
    laptop.record()
    laptop.sync(halves=frozenset({Half.SEND}))
    assert keys_at(laptop.db) == SERVER_TIME

    laptop.sync()
    assert keys_at(laptop.db) == "2026-11-21T15:00:00Z"


@pytest.mark.parametrize("forget", [start_over, leave_area])
def test_who_starts_the_copy_over_knows_no_keys_until_the_next_pull(knows, forget):
    with writing(knows.db) as conn:
        forget(conn)

    assert keys_at(knows.db) == ""
    assert answer(knows, far()) is Answer.NO_MATCH
    knows.sync()
    assert answer(knows, far()) is Answer.NOT_RECEIVED


def call(laptop, *arguments):
    return CliRunner().invoke(commands, ["verify", *arguments, "--data", str(laptop.settings.data)])


def test_the_command_answers_programs_and_people(laptop):
    kept = laptop.record()
    code = printed(laptop, kept.id)

    done, said = call(laptop, code, "--json"), call(laptop, code)

    assert json.loads(done.stdout) == {
        "answer": "matches", "short": False, "inspection": kept.id, "keys_at": SERVER_TIME
    }  # fmt: skip
    assert (done.exit_code, said.exit_code) == (0, 0)
    assert said.stdout == "Khớp với bản đã chốt.\n"
    assert "nhận về lúc 22:00 ngày 20/11/2026" in said.stderr


def test_the_command_ends_with_1_where_nothing_matches_and_where_there_is_a_slip(laptop):
    none, slip = call(laptop, far(), "--json"), call(laptop, "1234")

    assert (none.exit_code, json.loads(none.stdout)["answer"]) == (1, "no_match")
    assert (slip.exit_code, slip.stdout) == (1, "")
    assert "20 chữ số" in slip.stderr


def test_a_slip_proves_nothing_of_any_paper(laptop):
    kept = laptop.record()

    with pytest.raises(WrongCode):
        prove(laptop.db, laptop.settings, printed(laptop, kept.id)[:-1])


def test_the_visit_is_named_only_where_it_is_here(knows):
    id, line = other_teams(knows)

    assert prove(knows.db, knows.settings, far(name_of(line), id)).inspection == id
    assert prove(knows.db, knows.settings, far()).inspection == ""
