"""A wrong, old, cut or foreign file says so in one sentence, and nothing is half done."""

import io
import json
import tarfile
from base64 import b64encode
from dataclasses import replace

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_client.locks import alone
from field_client.revoked import locked_on
from field_client.store import open_store
from field_client.store.own import NotEnrolled
from server import bundle as at_the_server
from sync.bundle import Closing, Member, keys, new_files, write_parts
from sync.errors import BadBundle
from tests.bundle.conftest import Laptop, Stick, agree, handover
from tests.conftest import AT, ELSEWHERE

CUT = "bị cắt hoặc hỏng"
NO_BUNDLE = "không phải gói dữ liệu USB"


def state_of_both(laptop):
    items, unreadable = (laptop.central.one(f"SELECT count(*) FROM {table}") for table in ("items", "unreadable"))
    things = laptop.db.conn.execute("SELECT count(*) FROM things").fetchone()
    return items, unreadable, things, laptop.waiting(), laptop.meta("cursor")


def hand_in(laptop, part, back):
    at_the_server.bundle_in(handover(laptop.central), io.BytesIO(part), back.opens, at=AT)


def refused_at_the_server(laptop, part, said):
    """Check that the server says one sentence about *part*, takes nothing of it and writes nothing back."""
    before, back = state_of_both(laptop), Stick()
    with pytest.raises(BadBundle, match=said) as caught:
        hand_in(laptop, part, back)
    assert (state_of_both(laptop), back.parts) == (before, [])
    assert one_sentence(str(caught.value))


def refused_at_the_laptop(laptop, part, said):
    """Check that the laptop says one sentence about *part* and takes nothing of it."""
    before = state_of_both(laptop)
    with pytest.raises(BadBundle, match=said) as caught:
        laptop.takes(part)
    assert state_of_both(laptop) == before
    assert one_sentence(str(caught.value))


def one_sentence(text):
    return text[0].isupper() and "\n" not in text and len(text) < 200


def cuts(part):
    return [part[:length] for length in (0, 9, 40, 300, len(part) // 2, len(part) - 1)]


def test_a_cut_file(laptop):
    laptop.records(laptop.place, 40)
    out = laptop.writes().only
    for part in [*cuts(out), out[:-20] + bytes(20), out + b"x"]:
        refused_at_the_server(laptop, part, CUT)
    back = laptop.hands_in(out).only
    for part in [*cuts(back), back[:-20] + bytes(20), back + b"x"]:
        refused_at_the_laptop(laptop, part, CUT)


def test_a_file_that_is_no_bundle(laptop):
    laptop.records(laptop.place)

    for file in (b"PK\x03\x04 a spreadsheet", b"\x00" * 5000, "Biên bản".encode()):
        refused_at_the_server(laptop, file, NO_BUNDLE)
        refused_at_the_laptop(laptop, file, NO_BUNDLE)


def test_a_return_handed_to_the_server_and_a_bundle_handed_to_a_laptop(laptop):
    laptop.records(laptop.place)
    out = laptop.writes().only

    refused_at_the_laptop(laptop, out, "để mang đến máy chủ")
    refused_at_the_server(laptop, laptop.hands_in(out).only, "gói trả về cho máy Máy thử")


def test_a_return_for_another_laptop(laptop, new_laptop):
    other = new_laptop(laptop.central, "other")
    back = other.hands_in(other.writes().only).only

    refused_at_the_laptop(laptop, back, "dành cho máy khác")


def test_a_bundle_for_another_server(laptop, new_central, new_laptop):
    other = new_central("elsewhere")
    other.keys = replace(other.keys, signing=Ed25519PrivateKey.generate())
    elsewhere = new_laptop(other, "elsewhere")

    refused_at_the_server(laptop, elsewhere.writes().only, "máy chủ khác")


def test_a_laptop_that_the_server_does_not_know(laptop, new_central, new_laptop):
    """A server with the same keys that was set back to before the laptop came."""
    other = new_laptop(new_central("other"), "stranger")

    refused_at_the_server(laptop, other.writes().only, "không biết máy")


def test_a_retired_laptop_is_enrolled_again_and_its_bundle_is_taken(laptop):
    laptop.records(laptop.place)
    out = laptop.writes().only
    device = laptop.central.db.conn.execute("SELECT state FROM things WHERE id = ?", (laptop.device,)).fetchone()[0]
    laptop.central.edit("device", laptop.device, {"retired_on": "2026-11-20"}, json.loads(device))

    refused_at_the_server(laptop, out, "đã ngừng dùng")
    with pytest.raises(BadBundle, match="đã ngừng dùng"):
        laptop.sent_from_the_office()

    laptop.central.edit("device", laptop.device, {"retired_on": None}, {"retired_on": "2026-11-20"})
    laptop.takes(laptop.hands_in(out).only)
    agree(laptop)


def test_a_locked_laptop_is_heard_and_told_nothing(laptop):
    laptop.records(laptop.place)
    out = laptop.writes().only
    laptop.central.edit("device", laptop.device, {"revoked_on": "2026-11-20"})
    laptop.central.place()

    back = laptop.hands_in(out).only
    with pytest.raises(BadBundle, match="khóa máy này"):
        laptop.takes(back)

    assert (laptop.counts.locked, laptop.counts.pages, laptop.counts.standings) == (True, 0, {"quarantined": 1})
    assert laptop.waiting() == 0
    assert laptop.db.conn.execute("SELECT count(*) FROM establishments").fetchone() == (1,)
    assert locked_on(laptop.db.conn) == "2026-11-20"
    with pytest.raises(BadBundle, match="đã bị khóa"):
        laptop.sent_from_the_office()


def test_an_old_word_of_a_lock_that_was_lifted_since_locks_nothing(laptop):
    laptop.central.edit("device", laptop.device, {"revoked_on": "2026-11-20"})
    back = laptop.hands_in(laptop.writes().only).only
    laptop.enrols()
    laptop.line.at = AT.replace(day=22)
    laptop.syncs()

    laptop.takes(back)

    assert locked_on(laptop.db.conn) == ""


def test_the_office_writes_for_nobody_it_does_not_know(central):
    with pytest.raises(BadBundle, match="không có máy mã x"):
        at_the_server.bundle_out(handover(central), "x", Stick().opens, at=AT)


def test_a_return_made_for_another_area_brings_its_answers_and_no_page(laptop):
    laptop.records(laptop.place)
    back = laptop.hands_in(laptop.writes().only).only
    laptop.enrols(ELSEWHERE)

    with pytest.raises(BadBundle, match="địa bàn của máy còn khác"):
        laptop.takes(back)

    assert (laptop.waiting(), laptop.meta("cursor")) == (0, "")
    laptop.syncs()
    agree(laptop)


def forge(laptop, reader, head=None, *, signer=None, pieces=()):
    """Write a bundle as somebody with other intentions, or another program, might."""
    stick = Stick()
    said = {"direction": "up", "device": laptop.device, "area": "new:15664", "cursor": "", "knew": "", **(head or {})}
    closing = Closing(reader.public_key(), signer or laptop.key)
    write_parts(stick.opens, closing, said, pieces, lambda marks: {"report": "", "after": None})
    return stick.only


def test_a_forged_file(laptop):
    server, stranger = laptop.central.keys.signing, Ed25519PrivateKey.generate()
    down = {"direction": "down", "area": "new:15664", "lineage": "", "made_at": ""}

    refused_at_the_server(laptop, forge(laptop, server, signer=stranger), "không do máy đã ghi tên")
    refused_at_the_laptop(laptop, forge(laptop, laptop.key, down, signer=stranger), "không do máy chủ mà máy này")
    refused_at_the_laptop(laptop, forge(laptop, laptop.key, down), "không do máy chủ mà máy này")


def test_a_file_of_a_newer_program(laptop):
    newer = forge(laptop, laptop.central.keys.signing, {"version": 2})

    refused_at_the_server(laptop, newer, "bản mới hơn")


@pytest.mark.parametrize("head", [{"format": "other"}, {"direction": "down"}, {"device": 7}])
def test_a_head_that_cannot_be(laptop, head):
    refused_at_the_server(laptop, forge(laptop, laptop.central.keys.signing, head), NO_BUNDLE)


def closed(laptop, *members):
    """Close any members at all for the server."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for info, body in members:
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return pyrage.encrypt(plain.getvalue(), [keys.recipient(laptop.central.keys.signing.public_key())])


def test_an_age_file_with_something_else_in_it(laptop):
    link = tarfile.TarInfo("head.json")
    link.type, link.linkname = tarfile.SYMTYPE, "elsewhere"
    head = json.dumps({"format": "doi178-bundle", "version": 1, "direction": "up", "device": laptop.device}).encode()
    reader = keys.recipient(laptop.central.keys.signing.public_key())

    for file in (
        pyrage.encrypt(b"", [reader]),
        pyrage.encrypt(b"a letter" * 200, [reader]),
        closed(laptop, (tarfile.TarInfo("letter.txt"), b"x")),
        closed(laptop, (link, b"")),
        closed(laptop, (tarfile.TarInfo("head.json"), b"[" * 100_000)),
        closed(laptop, (tarfile.TarInfo("head.json"), head)),
        closed(laptop, (tarfile.TarInfo("head.json"), head), (tarfile.TarInfo("head.json"), head)),
        closed(laptop, (tarfile.TarInfo("head.json"), head), (tarfile.TarInfo("signature"), b64encode(bytes(64)))),
    ):
        refused_at_the_server(laptop, file, NO_BUNDLE)


def test_a_batch_that_cannot_be_read_blocks_no_other(laptop):
    laptop.records(laptop.place)
    stick = laptop.writes()
    good = [Member(name, body) for name, body in pieces_of(laptop, stick.only)]
    part = forge(laptop, laptop.central.keys.signing, pieces=[Member("batch-000000", b"no gzip"), *good])
    back = Stick()

    with pytest.raises(BadBundle, match="1 phần của gói không đọc được"):
        hand_in(laptop, part, back)
    laptop.takes(back.only)

    assert laptop.waiting() == 0


def pieces_of(laptop, part):
    from sync.bundle import members

    return list(members(io.BytesIO(part), laptop.central.keys.signing))


def test_pieces_that_this_program_does_not_know_yet_are_passed_over(laptop):
    laptop.records(laptop.place)
    more = [Member("sound-1", b"a song"), *(Member(n, b) for n, b in pieces_of(laptop, laptop.writes().only))]

    laptop.takes(laptop.hands_in(forge(laptop, laptop.central.keys.signing, pieces=more)).only)

    assert laptop.waiting() == 0


def test_a_return_waits_until_a_sync_that_is_going_on_has_ended(laptop):
    back = laptop.hands_in(laptop.writes().only).only

    with alone(laptop.settings.sync_lock):
        refused_at_the_laptop(laptop, back, "chờ xong rồi thử lại")


def test_a_laptop_that_is_not_enrolled(laptop, tmp_path):
    settings = replace(laptop.settings, data=tmp_path / "blank")
    blank = Laptop(laptop.central, settings, open_store(settings.database), laptop.line)

    with pytest.raises(NotEnrolled):
        blank.writes()
    with pytest.raises(NotEnrolled):
        blank.takes(laptop.hands_in(laptop.writes().only).only)


def test_a_file_that_is_there_already_is_not_written_over(tmp_path):
    there = tmp_path / "gói.d178"
    there.write_text("từ tuần trước")

    with pytest.raises(BadBundle, match="Đã có tệp"), new_files(there):
        raise AssertionError("nothing is written")

    assert there.read_text() == "từ tuần trước"


def test_what_breaks_off_while_it_is_written_leaves_no_file(laptop, tmp_path):
    def breaks_off():
        yield Member("batch-000001", b"x" * 100_000)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left") as caught, new_files(tmp_path / "gói.d178") as open_part:
        write_parts(open_part, Closing(laptop.key.public_key(), laptop.key), {}, breaks_off(), lambda marks: {})

    assert caught.value.errno == 28
    assert list(tmp_path.glob("*gói*")) == []


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(BadBundle, match="cắm USB"), new_files(tmp_path / "usb" / "gói.d178"):
        raise AssertionError("nothing is written")
