"""Attaching a photo or scan to a visit, sending it after its record, and when it leaves the laptop."""

import hashlib
import json
import os

import pytest

from field_client import attachments, status
from field_client.attachments import attach
from field_client.drafts import start
from field_client.places import NotKnown
from field_client.store import get_meta, put_meta, writing
from field_client.store.shelf import Shelf
from field_client.syncing import Half, Trouble
from field_client.taking import Given, NotAttachable
from schemas.attachments import Role, limits
from schemas.ids import new_id
from sync import files as sending
from tests.field_client.conftest import AT
from tests.pictures import jpeg, pdf, plain_jpeg, png


@pytest.fixture
def attached(laptop, tmp_path):
    """Return a function that attaches a file to a visit."""

    def build(content=None, visit=None, role=Role.PHOTO, **more):
        path = tmp_path / f"{new_id()}.bin"
        path.write_bytes(plain_jpeg() if content is None else content)
        visit = visit or laptop.record().id
        kept = attach(laptop.db, visit, path, Given(role, **more), at=AT)
        return next(one for one in attachments.of_visit(laptop.db, visit) if one.id == kept.id)

    return build


def state(laptop, one):
    return laptop.one("SELECT state FROM files WHERE attachment = ?", one.id)


def lies(laptop, one):
    return (laptop.settings.files / one.sha256).exists()


def test_a_file_is_kept_under_its_hash_and_its_record_waits(laptop, attached):
    one = attached(caption="Cửa chính")

    assert hashlib.sha256((laptop.settings.files / one.sha256).read_bytes()).hexdigest() == one.sha256
    line = json.loads(laptop.one("SELECT line FROM own WHERE name = ?", one.item))
    assert (line["kind"], line["id"]) == ("attachment", one.id)
    visit = laptop.one("SELECT item FROM visits WHERE id = ?", one.inspection)
    assert line["body"] == {
        "inspection": one.inspection, "item": visit, "sha256": one.sha256, "size": one.size, "type": "image/jpeg",
        "role": "photo", "caption": "Cửa chính",
    }  # fmt: skip
    assert (one.state, one.standing) == ("waiting", "waiting")


def test_a_photo_is_hashed_after_its_place_is_taken_out(laptop, attached):
    one = attached(jpeg(where=True))

    assert b"Exif" not in (laptop.settings.files / one.sha256).read_bytes()


def test_the_same_file_twice_is_one_attachment(laptop, attached):
    visit = laptop.record().id

    assert attached(visit=visit).id == attached(visit=visit).id
    assert laptop.one("SELECT count(*) FROM own WHERE kind = 'attachment'") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "JPEG, PNG"),
        (b"", "JPEG, PNG"),
        (b"\xff\xd8\xff rubbish", "Ảnh hỏng"),
        (pdf(photo=jpeg(where=True)), "vị trí"),
        (pdf() + bytes(limits().types["application/pdf"].bytes), "25 MB"),
    ],
)
def test_a_file_that_cannot_be_attached_says_in_one_sentence_what_to_do(laptop, attached, content, words):
    with pytest.raises(NotAttachable, match=words):
        attached(content)

    assert laptop.one("SELECT count(*) FROM own WHERE kind = 'attachment'") == 0
    assert not laptop.settings.files.exists() or list(laptop.settings.files.iterdir()) == []


def test_a_file_that_is_not_there_says_so(laptop, tmp_path):
    with pytest.raises(NotAttachable, match="Không đọc được tệp"):
        attach(laptop.db, laptop.record().id, tmp_path / "no", Given(Role.PHOTO), at=AT)


def test_a_draft_is_finished_first_and_an_unknown_visit_is_told(laptop, attached):
    draft = start(laptop.db, laptop.place, at=AT)

    with pytest.raises(NotAttachable, match="bản nháp"):
        attached(visit=getattr(draft, "id", draft))
    with pytest.raises(NotKnown):
        attached(visit=new_id())


def test_a_file_goes_after_its_record_in_the_same_sync(laptop, attached):
    one = attached()

    outcome = laptop.sync()

    assert (outcome.sent, outcome.files_sent, outcome.files_waiting, outcome.trouble) == (2, 1, 0, "")
    assert laptop.line.files.kept[one.sha256] == (laptop.settings.files / one.sha256).read_bytes()
    assert state(laptop, one) == "sent"


def test_fetching_only_sends_no_file(laptop, attached):
    one = attached()
    laptop.sync(halves=frozenset({Half.SEND}))
    laptop.db.conn.execute("UPDATE files SET state = 'waiting'")
    laptop.line.files.kept.clear()

    assert laptop.sync(halves=frozenset({Half.GET})).files_sent == 0
    assert state(laptop, one) == "waiting"


def test_what_waits_is_counted_by_what_it_is(laptop, attached):
    attached()
    attached(plain_jpeg(7))
    attached(pdf(), role=Role.SCAN)

    now = status.status(laptop.db)

    assert (now.photos_waiting, now.scans_waiting, now.files_waiting) == (2, 1, 3)


def test_the_oldest_go_first(laptop, attached):
    made = [attached(plain_jpeg(seed)) for seed in range(4)]

    laptop.sync()

    assert list(laptop.line.files.kept) == [one.sha256 for one in made]


def test_a_cut_costs_nothing_of_what_has_come(laptop, attached):
    one = attached(plain_jpeg(at_least=200_000))
    laptop.line.files.passes = 30_000

    assert not laptop.sync().trouble

    assert state(laptop, one) == "sent"
    assert len(laptop.line.files.pieces) == -(-one.size // 30_000)


def test_where_nothing_of_a_cut_piece_comes_the_pieces_get_shorter_until_they_pass(laptop, attached):
    one = attached(plain_jpeg(at_least=200_000))
    laptop.line.files.passes, laptop.line.files.keeps_what_was_cut = 70_000, False

    assert not laptop.sync().trouble

    assert state(laptop, one) == "sent"
    assert min(laptop.line.files.pieces) <= 70_000


def test_a_line_that_lets_nothing_through_ends_the_try_and_the_file_waits(laptop, attached):
    one = attached()
    laptop.line.files.passes = 0

    outcome = laptop.sync()

    assert (outcome.sent, outcome.trouble, outcome.files_waiting) == (2, Trouble.OFFLINE, 1)
    assert state(laptop, one) == "waiting"


def test_another_sync_goes_on_at_the_byte(laptop, attached):
    one = attached(plain_jpeg(at_least=200_000))
    laptop.sync(halves=frozenset({Half.GET}))
    laptop.line.files.down = True
    laptop.sync()
    laptop.line.files.down = False
    (parcel,) = sending_shelf(laptop).waiting()
    begun = laptop.line.files.begin(parcel)
    laptop.line.files.go_on(begun.upload, 0, sending_shelf(laptop).read(parcel, 0, 50_000))
    sending_shelf(laptop).note(parcel, sending.Where(begun.upload, 0))
    laptop.line.files.pieces.clear()

    laptop.sync()

    assert state(laptop, one) == "sent"
    assert sum(laptop.line.files.pieces) == one.size - 50_000


def sending_shelf(laptop):
    return Shelf(laptop.db, laptop.settings.files)


def test_a_file_that_is_refused_says_why_and_the_others_go(laptop, attached):
    first, second = attached(), attached(png())
    laptop.line.files.refuses[first.sha256] = "file-has-location"

    outcome = laptop.sync()

    assert (outcome.files_sent, outcome.trouble) == (1, "")
    (refused,) = attachments.refused(laptop.db)
    assert (refused.id, refused.words) == (first.id, "Tệp còn ghi vị trí nơi chụp.")
    assert laptop.one("SELECT standing FROM own WHERE name = ?", first.item) == "accepted"
    assert state(laptop, second) == "sent"
    assert status.status(laptop.db).files_refused == 1


def test_a_file_that_the_server_falls_over_does_not_stop_the_others(laptop, attached):
    first, second = attached(), attached(png())
    laptop.line.files.falls_over.add(first.sha256)

    outcome = laptop.sync()

    assert outcome.trouble == Trouble.FAULT
    assert (state(laptop, first), state(laptop, second)) == ("waiting", "sent")


def test_a_file_that_changed_on_its_way_is_sent_again_another_time(laptop, attached):
    one = attached()
    laptop.line.files.corrupts.add(one.sha256)

    assert laptop.sync().trouble == Trouble.BAD_REPLY
    assert not laptop.sync().trouble
    assert state(laptop, one) == "sent"


def test_a_file_that_is_broken_here_is_not_sent_and_may_be_attached_again(laptop, attached):
    visit = laptop.record().id
    one = attached(visit=visit)
    (laptop.settings.files / one.sha256).write_bytes(b"broken")

    laptop.sync()
    assert state(laptop, one) == "refused"
    assert laptop.line.files.kept == {}

    assert attached(visit=visit).id == one.id
    laptop.sync()
    assert state(laptop, one) == "sent"


def test_a_record_that_falls_over_does_not_stop_the_files_of_others(laptop, attached):
    one = attached()
    laptop.sync(halves=frozenset({Half.SEND}))
    laptop.db.conn.execute("UPDATE files SET state = 'waiting'")
    laptop.record()
    laptop.line.poison = laptop.one("SELECT line FROM own WHERE waiting = 1")

    outcome = laptop.sync()

    assert (outcome.trouble, outcome.files_sent) == (Trouble.FAULT, 1)
    assert state(laptop, one) == "sent"


def test_a_record_that_is_finished_while_a_file_goes_is_sent_between_two_pieces(laptop, attached):
    attached(plain_jpeg(at_least=700_000))
    finished = []

    class Slow(type(laptop.line.files)):
        def go_on(self, *args):
            if not finished:
                finished.append(laptop.record().item)
            return super().go_on(*args)

    laptop.line.files.__class__ = Slow
    laptop.sync()

    assert len(laptop.line.files.pieces) > 1
    assert laptop.one("SELECT waiting FROM own WHERE name = ?", finished[0]) == 0


def test_a_file_without_a_receipt_for_its_record_waits(laptop, attached):
    attached()
    laptop.line.poison = laptop.one("SELECT line FROM own WHERE kind = 'inspection'")

    outcome = laptop.sync()

    assert (outcome.sent, outcome.files_sent, outcome.files_waiting) == (0, 0, 1)


def sent_long_ago(laptop, one, *, safe_to):
    with writing(laptop.db) as conn:
        conn.execute("UPDATE files SET sent_at = '2026-01-01T00:00:00Z' WHERE attachment = ?", (one.id,))
        put_meta(conn, "safe_to", safe_to)
    return sending_shelf(laptop).let_go()


def test_a_file_leaves_after_its_time_once_a_later_backup_has_it_and_its_record_stays(laptop, attached):
    one = attached()
    laptop.sync()
    arrivals = laptop.one("SELECT arrivals FROM files")

    assert sent_long_ago(laptop, one, safe_to=arrivals) == 0
    assert lies(laptop, one)
    assert sent_long_ago(laptop, one, safe_to=arrivals + 1) == 1
    assert not lies(laptop, one)
    assert attachments.of_visit(laptop.db, one.inspection)[0].state == "sent"
    assert laptop.one("SELECT count(*) FROM own WHERE id = ?", one.id) == 1


def test_a_file_stays_its_time_whatever_a_wrong_clock_says(laptop, attached):
    one = attached()
    laptop.sync()
    with writing(laptop.db) as conn:
        put_meta(conn, "safe_to", 99)
    laptop.db.conn.execute("UPDATE syncs SET at = '2062-01-01T00:00:00Z'")

    assert sending_shelf(laptop).let_go() == 0
    assert lies(laptop, one)
    assert get_meta(laptop.db.conn, "server_time") < "2027"


def test_a_file_of_two_visits_stays_while_one_needs_it(laptop, attached):
    one, other = attached(), attached()
    laptop.sync()
    laptop.db.conn.execute("UPDATE files SET state = 'waiting' WHERE attachment = ?", (other.id,))

    sent_long_ago(laptop, one, safe_to=99)

    assert lies(laptop, other)


def test_the_file_of_an_erased_record_leaves_at_once(laptop, attached):
    one = attached()
    laptop.sync()
    laptop.line.decides(one.item, "erased")

    laptop.sync()

    assert not lies(laptop, one)


def test_a_server_with_another_history_is_offered_the_files_again(laptop, attached):
    one = attached()
    laptop.sync()
    laptop.line.restores_from_nothing()
    laptop.line.files.kept.clear()

    laptop.sync()

    assert laptop.line.files.kept.keys() == {one.sha256}
    assert state(laptop, one) == "sent"


def test_what_a_crash_left_in_the_folder_goes_after_a_day(laptop, attached):
    one = attached()
    old, fresh = laptop.settings.files / "x.tmp", laptop.settings.files / ("ab" * 32)
    for path in (old, fresh):
        path.write_bytes(b"left behind")
    os.utime(old, (0, 0))
    os.utime(fresh, (AT.timestamp(), AT.timestamp()))

    laptop.sync()

    assert (old.exists(), fresh.exists(), lies(laptop, one)) == (False, True, True)


@pytest.mark.parametrize(("seconds", "size"), [(0.1, 2 * sending.FIRST), (60, sending.FIRST)])
def test_a_piece_grows_only_while_the_line_is_fast(seconds, size):
    pace = sending.Pace()

    pace.went_through(seconds)

    assert pace.size == size


def test_a_piece_never_leaves_its_bounds():
    pace = sending.Pace()

    for _ in range(50):
        pace.went_through(0)
    assert pace.size == sending.MOST
    for _ in range(50):
        pace.was_lost()
    assert pace.size == sending.LEAST
