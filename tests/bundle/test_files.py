"""Photos and scans ride along on the stick, behind their records, and what becomes of each is said."""

import hashlib
import io

import pytest

from field_client.attachments import attach, of_visit
from field_client.store import own, writing
from field_client.taking import Given
from schemas.attachments import Role
from schemas.ids import new_id
from server.files.keeping import check_files, path_of
from sync.bundle import members
from tests.bundle.conftest import agree
from tests.conftest import AT
from tests.pictures import jpeg


@pytest.fixture
def photographed(laptop, tmp_path):
    """A visit with a photo, neither of which has gone; returns the laptop and the visit."""
    [visit] = laptop.records(laptop.place)
    photo = tmp_path / "mặt tiền.jpg"
    photo.write_bytes(jpeg())
    attach(laptop.db, visit, photo, Given(Role.PHOTO), at=AT)
    return laptop, visit


def states(laptop, visit):
    return [(one.state, one.words) for one in of_visit(laptop.db, visit)]


def test_a_photo_goes_with_its_record_and_comes_to_rest(photographed):
    laptop, visit = photographed
    [before] = of_visit(laptop.db, visit)

    got = laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert (laptop.counts.attachments, laptop.counts.refused, got.attachments) == (1, 0, 1)
    assert states(laptop, visit) == [("sent", "")]
    central = laptop.central
    assert path_of(central.settings.files, before.sha256).exists()
    assert check_files(central.db.conn, central.settings.files) == []
    agree(laptop)


def test_handed_in_twice_it_is_kept_once_and_the_next_bundle_leaves_it_out(photographed):
    laptop, _ = photographed
    out = laptop.writes().only

    backs = [laptop.hands_in(out).only for _ in range(2)]
    took = [laptop.takes(back).attachments for back in (*backs, backs[0])]

    assert took == [1, 0, 0]
    assert laptop.central.one("SELECT count(*) FROM files") == 1
    assert [name for name, _ in members(io.BytesIO(laptop.writes().only), laptop.central.keys.signing)] == []


def test_a_part_with_a_file_before_its_record_leaves_it_waiting(photographed):
    laptop, visit = photographed
    stick = laptop.writes(limit=1)

    backs = [laptop.hands_in(part).only for part in reversed(stick.parts)]
    for back in backs:
        laptop.takes(back)

    assert len(stick.parts) == 2
    assert states(laptop, visit) == [("waiting", "")]
    laptop.takes(laptop.hands_in(laptop.writes().only).only)
    assert states(laptop, visit) == [("sent", "")]


def test_what_is_not_taken_is_said_with_its_reason_and_its_record_is_safe(photographed):
    """A photo that still says where it was taken, as an older program might have kept it."""
    laptop, visit = photographed
    content = jpeg(where=True)
    sha256 = hashlib.sha256(content).hexdigest()
    (laptop.settings.files / sha256).write_bytes(content)
    [told] = of_visit(laptop.db, visit)
    body = {"inspection": visit, "item": laptop.db.conn.execute("SELECT item FROM visits").fetchone()[0],
            "sha256": sha256, "size": len(content), "type": "image/jpeg", "role": "photo"}  # fmt: skip
    with writing(laptop.db) as conn:
        id = new_id()
        item = own.add(conn, "attachment", id, body, author="An", at=AT)
        conn.execute(
            "INSERT INTO files (attachment, item, inspection, sha256, size, type, role, caption, made_at)"
            " VALUES (?, ?, ?, ?, ?, 'image/jpeg', 'photo', '', '2026-11-20T15:00:01Z')",
            (id, item, visit, sha256, len(content)),
        )

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert (laptop.counts.attachments, laptop.counts.refused) == (1, 1)
    assert [state for state, _ in states(laptop, visit)] == ["sent", "refused"]
    assert "vị trí nơi chụp" in states(laptop, visit)[1][1]
    assert laptop.waiting() == 0
    assert told.state == "waiting"


def test_a_file_that_was_lost_here_is_left_out(photographed):
    laptop, visit = photographed
    [one] = of_visit(laptop.db, visit)
    (laptop.settings.files / one.sha256).unlink()

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert laptop.waiting() == 0
    assert states(laptop, visit) == [("waiting", "")]
