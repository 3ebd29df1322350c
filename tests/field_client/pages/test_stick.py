"""The two buttons for the USB stick on the laptop's page."""

import io
from base64 import b64encode
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from field_client.enrolment import own_key
from field_client.store import get_meta, put_meta
from sync.bundle import Closing, Direction, check, members, write_parts
from sync.wire import read_batch
from tests.field_client.pages.test_today_and_sending import finished
from tests.markup import faults


@pytest.fixture
def server(db):
    """The key of the server that this laptop is enrolled with."""
    key = Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    put_meta(db.conn, "server_key", b64encode(raw).decode())
    return key


def returned(db, settings, server, **head):
    """Write a return without answers and pages."""
    file = io.BytesIO()

    @contextmanager
    def open_part(number):
        yield file

    known = {key: get_meta(db.conn, meta) for key, meta in
             (("device", "device"), ("area", "area"), ("lineage", "mirror_lineage"))}  # fmt: skip
    said = {"direction": Direction.DOWN, **known, "made_at": "2026-11-28T15:00:00Z", "cursor": "", **head}
    closing = Closing(own_key(db, settings.key).public_key(), server)
    write_parts(open_part, closing, said, (), lambda marks: {"after": None})
    return file.getvalue()


def takes(reader, part):
    return reader.post("/gui-nhan/nhan-usb", {"return": (io.BytesIO(part), "về.d178")})


def test_everything_that_waits_is_saved_as_one_file(reader, db, settings, server):
    finished(reader)

    answer = reader.post("/gui-nhan/xuat-usb", {})

    file = io.BytesIO(answer.data)
    check(file, server, Direction.UP, lambda head: own_key(db, settings.key).public_key(), forged="")
    [(_, batch)] = members(file, server)
    assert read_batch(batch) == [row[0] for row in db.conn.execute("SELECT line FROM own WHERE waiting = 1")]
    assert ".d178" in answer.headers["Content-Disposition"]
    assert "Còn 1 hồ sơ chờ gửi" in reader.text("/gui-nhan")


def test_a_return_is_taken_and_said(reader, db, settings, server):
    answer = takes(reader, returned(db, settings, server))

    assert answer.status_code == 303
    page = reader.text("/gui-nhan")
    assert "Máy chủ đã nhận 0 hồ sơ; nhận về 0 thay đổi." in page
    assert "Nhận từ gói dữ liệu USB." in page
    assert get_meta(db.conn, "server_time") == "2026-11-28T15:00:00Z"


def test_what_is_wrong_stands_at_its_field_and_can_be_listened_to(reader, db, settings, server):
    letter = takes(reader, b"a letter")
    anothers = takes(reader, returned(db, settings, server, device="another"))
    nothing = reader.post("/gui-nhan/nhan-usb", {})

    assert [answer.status_code for answer in (letter, anothers, nothing)] == [422] * 3
    assert "không phải gói dữ liệu USB" in letter.text
    assert "dành cho máy khác" in anothers.text
    assert "Chọn gói trả về của máy chủ trên USB." in nothing.text
    assert all(faults(answer.text) == [] for answer in (letter, anothers, nothing))


def test_a_file_longer_than_other_forms_is_read(reader, server):
    assert takes(reader, bytes(5_000_000)).status_code == 422
    assert reader.post("/gui-nhan", {"half": "x" * 5_000_000}).status_code == 413


