"""The door for files: tus 1.0, after the record, resumed at the byte, and what is refused."""

import hashlib
from base64 import b64encode
from datetime import timedelta

import pytest

from schemas.attachments import limits
from schemas.fields import instant_text
from schemas.items import read
from server.arrivals.verify import verify
from server.clock import now
from server.files import keeping, parts, uploads
from tests.pictures import jpeg, name_of_file, pdf, plain_jpeg, png
from tests.server.files.conftest import slug


def on_disk(sender, content=None):
    path = keeping.path_of(sender.central.settings.files, name_of_file(content or sender.content))
    return path.read_bytes() if path.exists() else None


def in_parts(sender):
    folder = sender.central.settings.files / parts.PARTS
    return sorted(path.name for path in folder.glob("*"))


def checksum(piece, algorithm="sha256"):
    return f"{algorithm} {b64encode(hashlib.new(algorithm, piece).digest()).decode()}"


def test_the_door_says_what_it_can_do(client):
    answer = client.options("/api/v1/files")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert {"creation", "checksum", "expiration"} <= set(answer.headers["Tus-Extension"].split(","))
    assert answer.headers["Tus-Max-Size"] == str(limits().most_bytes)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_file_comes_in_after_its_record_and_marks_it(sender):
    attachment = sender.record()
    assert sender.received(attachment) == 0

    begun = sender.begins(attachment)
    done = sender.goes_on(begun.headers["Location"], 0, sender.content)

    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "0")
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(sender.content)))
    assert on_disk(sender) == sender.content
    assert sender.received(attachment) == 1
    assert in_parts(sender) == []
    assert verify(sender.central.db).problems == ()


def test_an_upload_goes_on_where_it_was_cut(sender):
    upload = sender.begins(sender.record()).headers["Location"]

    sender.goes_on(upload, 0, sender.content[:700])
    asked = sender.asks(upload)
    sender.goes_on(upload, 700, sender.content[700:])

    assert (asked.headers["Upload-Offset"], asked.headers["Upload-Length"]) == ("700", str(len(sender.content)))
    assert asked.headers["Cache-Control"] == "no-store"
    assert "attachment" in asked.headers["Upload-Metadata"]
    assert on_disk(sender) == sender.content


def test_a_piece_for_another_place_is_refused_and_says_where_to_go_on(sender):
    upload = sender.begins(sender.record()).headers["Location"]
    sender.goes_on(upload, 0, sender.content[:700])

    answer = sender.goes_on(upload, 0, sender.content)

    assert (answer.status_code, slug(answer)) == (409, "wrong-offset")
    assert answer.headers["Upload-Offset"] == "700"
    assert sender.asks(upload).headers["Upload-Offset"] == "700"


def test_bytes_that_came_before_the_server_was_killed_count_although_no_answer_did(sender):
    upload = sender.begins(sender.record()).headers["Location"]
    part = sender.central.settings.files / parts.PARTS / upload.rpartition("/")[2]

    part.write_bytes(sender.content[:900])  # written, and then the process was gone

    assert sender.asks(upload).headers["Upload-Offset"] == "900"


def test_a_whole_file_that_was_not_looked_at_before_the_kill_is_taken_in_when_the_laptop_asks(sender):
    attachment = sender.record()
    upload = sender.begins(attachment).headers["Location"]
    (sender.central.settings.files / parts.PARTS / upload.rpartition("/")[2]).write_bytes(sender.content)

    answer = sender.asks(upload)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, str(len(sender.content)))
    assert sender.received(attachment) == 1


def test_a_file_that_was_put_in_its_place_before_the_kill_is_written_down_when_the_laptop_asks(sender):
    attachment = sender.record()
    upload = sender.begins(attachment).headers["Location"]
    folder = sender.central.settings.files
    part = folder / parts.PARTS / upload.rpartition("/")[2]
    part.write_bytes(sender.content)
    parts.put(part, keeping.path_of(folder, name_of_file(sender.content)))

    assert sender.asks(upload).status_code == 200
    assert sender.received(attachment) == 1


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_chunk_with_its_checksum_is_taken(sender, algorithm):
    upload = sender.begins(sender.record()).headers["Location"]

    answer = sender.goes_on(upload, 0, sender.content[:700], Upload_Checksum=checksum(sender.content[:700], algorithm))

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "700")


def test_a_chunk_with_another_checksum_is_dropped_and_nothing_else_is(sender):
    upload = sender.begins(sender.record()).headers["Location"]
    sender.goes_on(upload, 0, sender.content[:500])

    answer = sender.goes_on(upload, 500, sender.content[500:700], Upload_Checksum=checksum(b"others"))

    assert (answer.status_code, slug(answer)) == (460, "wrong-checksum")
    assert sender.asks(upload).headers["Upload-Offset"] == "500"


@pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256 ?", "sha256"])
def test_a_checksum_that_cannot_be_checked_is_refused(sender, said):
    upload = sender.begins(sender.record()).headers["Location"]

    answer = sender.goes_on(upload, 0, sender.content[:500], Upload_Checksum=said)

    assert answer.status_code in {400, 460}
    assert sender.asks(upload).headers["Upload-Offset"] == "0"


def test_the_first_bytes_may_come_with_the_beginning(sender):
    attachment = sender.record()

    answer = sender.begins(attachment, body=sender.content)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(sender.content)))
    assert sender.received(attachment) == 1


def test_a_file_that_the_server_has_is_done_at_once(sender, new_sender):
    sender.sends_all(sender.record())
    other = new_sender()
    attachment = other.record(sender.content)

    begun = other.begins(attachment, sender.content)

    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, str(len(sender.content)))
    assert other.received(attachment) == 1
    assert other.asks(begun.headers["Location"]).headers["Upload-Offset"] == str(len(sender.content))
    assert len(list(sender.central.settings.files.glob("*/*"))) == 1


def test_a_record_that_comes_after_its_file_is_here_says_so_at_once(sender, new_sender):
    sender.sends_all(sender.record())

    assert sender.received(new_sender().record(sender.content)) == 1


def test_a_file_that_was_lost_from_the_disk_may_come_again(sender):
    sender.sends_all(sender.record())
    keeping.path_of(sender.central.settings.files, name_of_file(sender.content)).unlink()

    answer = sender.sends_all(sender.record())

    assert answer.status_code == 204
    assert on_disk(sender) == sender.content


def test_two_laptops_send_the_same_photo_at_once(sender, new_sender):
    other = new_sender()
    first, second = sender.record(), other.record(sender.content)
    one, two = sender.begins(first).headers["Location"], other.begins(second, sender.content).headers["Location"]

    sender.goes_on(one, 0, sender.content[:600])
    other.goes_on(two, 0, sender.content)
    last = sender.goes_on(one, 600, sender.content[600:])

    assert last.status_code == 204
    assert (sender.received(first), other.received(second)) == (1, 1)
    assert keeping.check_files(sender.central.db.conn, sender.central.settings.files) == []


def test_a_held_record_has_its_file_sent_and_is_marked_when_its_visit_comes(sender):
    visit = sender.laptop.visit(sender.place)
    attachment = sender.record(visit=read(visit).id)
    assert sender.standing == "held"
    assert sender.sends_all(attachment).status_code == 204

    assert sender.laptop.sends(visit) == ["accepted"]

    assert sender.received(attachment) == 1
    assert verify(sender.central.db).problems == ()


def test_a_record_about_a_place_elsewhere_keeps_its_file_and_is_not_in_the_truth(central, new_sender):
    sender = new_sender()
    elsewhere = central.laptop("new:15682")
    line = elsewhere.visit(central.place("new:15682"))
    elsewhere.sends(line)
    attachment = sender.record(visit=read(line).id)

    assert sender.standing == "quarantined"
    assert sender.sends_all(attachment).status_code == 204
    assert on_disk(sender) == sender.content


def test_one_id_is_one_attachment(sender):
    visit = sender.visit()
    first = sender.record(visit=visit)
    again = sender.laptop.line("attachment", first, {
        "inspection": visit, "sha256": "ab" * 32, "size": 5, "type": "image/png", "role": "photo"})  # fmt: skip

    assert sender.laptop.sends(again) == ["quarantined"]
    assert sender.central.one("SELECT sha256 FROM attachments WHERE id = ?", first) == name_of_file(sender.content)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"sha256": "xyz"}, "sha256"), ({"type": "image/heic"}, "size"), ({"size": 10**9}, "size"), ({"size": 0}, "size"),
     ({"role": "video"}, "role"), ({"lat": 19.8}, "lat")],
)  # fmt: skip
def test_a_record_that_breaks_a_rule_is_kept_aside_and_names_the_field(sender, changes, field):
    attachment = sender.record(**changes)

    detail = sender.central.one("SELECT detail FROM aside WHERE id = ?", attachment)

    assert sender.standing == "quarantined"
    assert f'"{field}"' in detail


def test_without_a_record_of_this_laptop_nothing_is_taken(sender, new_sender):
    other = new_sender()

    assert slug(other.begins(sender.record(), sender.content)) == "no-such-record"
    assert slug(sender.begins("018f6d3c-5a10-7c21-9b44-6f0a1d2e3c45")) == "no-such-record"


def test_an_upload_of_another_laptop_is_as_if_it_were_not_there(sender, new_sender):
    upload = sender.begins(sender.record()).headers["Location"]
    other = new_sender()

    assert other.asks(upload).status_code == 404
    assert slug(other.goes_on(upload, 0, b"x")) == "no-such-upload"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"sha256": "ab" * 32}, "file-mismatch"), ({"length": "99"}, "file-mismatch"), ({"type": "image/png"},
     "file-mismatch"), ({"type": "image/heic"}, "file-kind"), ({"length": "999999999"}, "file-too-large"),
     ({"sha256": "x"}, "invalid-input"), ({"length": "-1"}, "invalid-input"), ({"length": "0"}, "invalid-input")],
)  # fmt: skip
def test_what_does_not_agree_with_the_record_is_refused_before_a_byte_goes(sender, changes, reason):
    attachment = sender.record()

    assert slug(sender.begins(attachment, **changes)) == reason
    assert sender.central.one("SELECT standing FROM items WHERE id = ?", attachment) == "accepted"


def test_bytes_that_are_not_those_of_the_record_are_dropped_and_may_be_sent_again(sender):
    attachment = sender.record()
    upload = sender.begins(attachment).headers["Location"]

    answer = sender.goes_on(upload, 0, plain_jpeg(7)[: len(sender.content)].ljust(len(sender.content), b"x"))

    assert (answer.status_code, slug(answer)) == (422, "file-mismatch")
    assert (in_parts(sender), on_disk(sender)) == ([], None)
    assert sender.asks(upload).status_code == 422
    assert sender.received(attachment) == 0
    assert sender.sends_all(attachment).status_code == 204


WITH_A_PLACE = {
    "exif of a jpeg": jpeg(where=True),
    "xmp of a jpeg": jpeg(xmp=b'<x exif:GPSLatitude="19,48.5N"/>'),
    "exif of a png": png(where="exif"),
    "xmp of a png": png(where="text"),
    "packed xmp of a png": png(where="packed"),
    "old exif of a png": png(where="profile"),
    "a photo in a pdf": pdf(photo=jpeg(where=True)),
}


@pytest.mark.parametrize("where", WITH_A_PLACE)
def test_a_file_that_says_where_it_was_taken_is_refused_and_its_record_is_safe(sender, where):
    content = WITH_A_PLACE[where]
    attachment = sender.record(content)

    answer = sender.sends_all(attachment, content)

    assert (answer.status_code, slug(answer)) == (422, "file-has-location")
    assert (in_parts(sender), on_disk(sender, content)) == ([], None)
    assert sender.central.one("SELECT standing FROM items WHERE id = ?", attachment) == "accepted"
    assert sender.central.one("SELECT slug FROM uploads WHERE attachment = ?", attachment) == "file-has-location"
    again = sender.begins(attachment, content)
    assert (slug(again), again.get_json()["detail"]) == ("file-has-location", answer.get_json()["detail"])


@pytest.mark.parametrize("content", [jpeg(), png(), pdf(), pdf(photo=jpeg())], ids=["jpeg", "png", "pdf", "scan"])
def test_a_file_without_a_place_is_taken_whatever_else_it_says(sender, content):
    assert sender.sends_all(sender.record(content), content).status_code == 204


@pytest.mark.parametrize("content", [b"\xff\xd8\xff nothing like a photo", b"\x89PNG\r\n\x1a\nnor this"])
def test_what_only_begins_like_a_picture_is_refused(sender, content):
    assert slug(sender.sends_all(sender.record(content), content)) == "file-kind"


def test_a_file_of_another_type_than_its_record_says_is_refused(sender):
    content = pdf()
    attachment = sender.record(content, type="image/png")
    upload = sender.begins(attachment, content, type="image/png").headers["Location"]

    assert slug(sender.goes_on(upload, 0, content)) == "file-kind"


def test_an_upload_past_its_time_is_gone_with_its_bytes_and_begins_again(sender):
    attachment = sender.record()
    upload = sender.begins(attachment).headers["Location"]
    sender.goes_on(upload, 0, sender.content[:500])
    late = instant_text(now() - timedelta(days=1))
    sender.central.db.conn.execute("UPDATE uploads SET expires_at = ?", (late,))

    assert sender.asks(upload).status_code == 404
    assert uploads.expire(sender.central.db, sender.central.settings.files, now()) == 1
    assert in_parts(sender) == []
    assert sender.sends_all(attachment).status_code == 204


def test_an_answer_says_until_when_the_upload_waits(sender):
    begun = sender.begins(sender.record())

    assert begun.headers["Upload-Expires"].endswith("GMT")


def test_an_upload_begun_again_takes_the_place_of_the_older_one(sender):
    attachment = sender.record()
    first = sender.begins(attachment).headers["Location"]
    sender.goes_on(first, 0, sender.content[:500])

    second = sender.begins(attachment).headers["Location"]

    assert sender.asks(first).status_code == 404
    assert sender.asks(second).headers["Upload-Offset"] == "0"
    assert len(in_parts(sender)) == 1


def test_an_upload_can_be_stopped(sender):
    upload = sender.begins(sender.record()).headers["Location"]

    assert sender.client.delete(upload, headers=sender.headers).status_code == 204
    assert sender.asks(upload).status_code == 404
    assert in_parts(sender) == []


def test_another_version_of_the_protocol_is_turned_away(sender):
    answer = sender.client.post("/api/v1/files", headers={**sender.headers, "Tus-Resumable": "0.2.2"})

    assert (answer.status_code, slug(answer)) == (412, "other-tus-version")
    assert answer.headers["Tus-Version"] == "1.0.0"


def test_a_chunk_that_does_not_say_that_it_is_one_is_refused(sender):
    upload = sender.begins(sender.record()).headers["Location"]

    assert sender.goes_on(upload, 0, b"x", Content_Type="image/jpeg").status_code == 415


def test_more_bytes_than_the_file_has_are_refused(sender):
    upload = sender.begins(sender.record()).headers["Location"]

    assert slug(sender.goes_on(upload, 0, sender.content + b"x")) == "invalid-input"
    assert sender.asks(upload).headers["Upload-Offset"] == "0"


def test_a_chunk_may_be_longer_than_other_requests_are(sender):
    content = pdf(text="x") + bytes(17_000_000)

    assert sender.sends_all(sender.record(content), content).status_code == 204


def test_a_request_that_hung_while_another_went_on_adds_nothing(tmp_path):
    part = tmp_path / "part"
    part.touch()

    def hung():
        yield b"abc"
        parts.add(part, 3, [b"def"])
        yield b"def"

    with pytest.raises(parts.Moved):
        parts.add(part, 0, hung())
    assert part.read_bytes() == b"abcdef"


def test_a_locked_laptop_still_sends_its_files(sender):
    attachment = sender.record()
    sender.central.edit("device", sender.laptop.id, {"revoked_on": "2026-11-20"})

    assert sender.sends_all(attachment).status_code == 204


@pytest.mark.parametrize("method", ["post", "patch", "head", "delete"])
def test_nobody_else_comes_in(client, method):
    path = "/api/v1/files" if method == "post" else "/api/v1/files/x"

    assert getattr(client, method)(path, headers={"Tus-Resumable": "1.0.0"}).status_code == 401
