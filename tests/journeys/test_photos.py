"""Photos over a line that is cut again and again, by our client and by one that others made; ends killed on the way."""

import json
import signal
import time
from pathlib import Path

import pytest
import requests
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed

from field_client.store import blobs, get_meta
from server.arrivals.verify import verify
from server.files.keeping import check_files, path_of
from tests.closed import opened
from tests.journeys.conftest import call
from tests.pictures import jpeg, plain_jpeg

pytestmark = pytest.mark.timeout(180)
CUT = 256 * 1024


SERVERS = {"one process": (), "several processes": ("--workers", "2")}  # the second reads a request as it comes


def attaches(laptop, place, folder, content):
    """Record a visit, attach a photo to it, and return both ids."""
    visit = laptop.records(place)
    path = folder / "anh.jpg"
    path.write_bytes(content)
    return visit, json.loads(laptop.call("attach", visit, str(path), "--json"))["id"]


def kept(server_end):
    """Return the files that the server keeps, and check that it can prove them."""
    central = server_end.central
    assert verify(central.db).problems == ()
    assert check_files(central.db.conn, central.settings.files) == []
    rows = central.db.conn.execute("SELECT sha256 FROM files ORDER BY at").fetchall()
    return [path_of(central.settings.files, row[0]).read_bytes() for row in rows]


def as_others(laptop, line, **said):
    """Return a client that others made, with the laptop's credential, what it says of the file, and the file, plain."""
    db = opened(laptop.data)
    credential = get_meta(db.conn, "credential")
    row = db.conn.execute("SELECT attachment, sha256, type FROM files").fetchone()
    plain = laptop.data.with_name("plain.jpg")
    plain.write_bytes(blobs.read(blobs.drawer(db), row[1]))
    db.close()
    client = TusClient(f"http://127.0.0.1:{line.port}/api/v1/files", headers={"Authorization": f"Bearer {credential}"})
    return client, dict(zip(("attachment", "sha256", "type"), row, strict=True)) | said, plain


def send_records_only(laptop, line):
    """Send the record over a line that no piece of a file passes."""
    line.cut_up_after = 9_000
    laptop.call("sync", "--send", fails=True)
    line.cut_up_after = None
    assert (laptop.status()["waiting"], laptop.status()["files_waiting"]) == (0, 1)


@pytest.fixture
def place(server_end):
    """A place that every laptop of these tests knows from its first sync on."""
    return server_end.central.place()


@pytest.fixture
def photographed(place, line, new_laptop, tmp_path):
    """A laptop whose record of one photo has arrived, and its photo not."""
    laptop = new_laptop()
    attaches(laptop, place, tmp_path, plain_jpeg(at_least=600_000))
    send_records_only(laptop, line)
    return laptop


def test_a_photo_goes_with_the_sync_and_both_ends_agree(server_end, place, new_laptop, tmp_path):
    laptop = new_laptop()
    attaches(laptop, place, tmp_path, jpeg(where=True))
    assert laptop.status()["files_waiting"] == 1

    said = json.loads(laptop.call("sync", "--json"))

    assert (said["sent"], said["files_sent"], said["files_waiting"]) == (2, 1, 0)
    assert laptop.status()["files_waiting"] == 0
    (content,) = kept(server_end)
    assert b"Exif" not in content
    exported = laptop.export()
    assert exported == server_end.export(laptop.device)
    assert [json.loads(text)["kind"] for text in exported].count("attachment") == 1


@pytest.mark.parametrize("arguments", SERVERS.values(), ids=SERVERS)
def test_a_photo_over_a_line_that_is_cut_every_256_kb(server_end, place, line, new_laptop, tmp_path, arguments):
    server_end.kill()
    server_end.arguments = arguments
    server_end.start()
    laptop = new_laptop()
    content = plain_jpeg(at_least=1_500_000)
    attaches(laptop, place, tmp_path, content)
    line.cut_up_after = CUT

    for _ in range(10):
        if not laptop.status()["files_waiting"]:
            break
        laptop.call("sync", fails=None)

    assert laptop.status()["files_waiting"] == 0
    assert kept(server_end) == [content]


def test_a_client_that_others_made_goes_on_after_a_cut(server_end, line, photographed):
    client, said, path = as_others(photographed, line)
    first = client.uploader(str(path), chunk_size=100_000, metadata=said)
    first.upload_chunk()
    line.cut_up_after = 150_000
    first.chunk_size = 300_000

    with pytest.raises(TusUploadFailed):
        first.upload_chunk()
    line.cut_up_after = None
    resumed = client.uploader(str(path), url=first.url, chunk_size=100_000, metadata=said)

    assert resumed.offset >= 100_000
    resumed.upload()
    assert kept(server_end) == [path.read_bytes()]


def test_a_client_that_others_made_sends_a_photo_and_hears_of_a_wrong_checksum(server_end, line, photographed):
    client, said, path = as_others(photographed, line)
    uploader = client.uploader(str(path), chunk_size=100_000, metadata=said, upload_checksum=True)
    uploader.upload_chunk()
    headers = {**client.headers, "Tus-Resumable": "1.0.0", "Upload-Offset": "100000",
               "Upload-Checksum": "sha1 aGFzaA==", "Content-Type": "application/offset+octet-stream"}  # fmt: skip

    answer = requests.patch(uploader.url, data=b"x" * 1000, headers=headers, timeout=30)

    assert answer.status_code == 460
    assert uploader.get_offset() == 100_000
    uploader.upload()
    assert kept(server_end) == [path.read_bytes()]
    photographed.call("sync")
    assert photographed.status()["files_waiting"] == 0


def test_a_client_that_others_made_does_not_send_what_the_server_has(
    server_end, place, line, photographed, new_laptop, tmp_path
):
    other = new_laptop("other")
    attaches(other, place, tmp_path, plain_jpeg(at_least=600_000))
    other.call("sync")
    client, said, path = as_others(photographed, line)

    uploader = client.uploader(str(path), chunk_size=100_000, metadata=said)
    uploader.set_url(uploader.create_url())

    assert uploader.get_offset() == path.stat().st_size
    assert kept(server_end) == [path.read_bytes()]


def test_two_laptops_with_the_same_photo_send_it_once(server_end, place, new_laptop, tmp_path):
    content = plain_jpeg(at_least=300_000)
    one, other = new_laptop(), new_laptop("other")
    for laptop in (one, other):
        attaches(laptop, place, tmp_path, content)
    first = json.loads(one.call("sync", "--json"))

    second = json.loads(other.call("sync", "--json"))

    assert (first["files_sent"], second["files_sent"]) == (1, 1)
    assert first["bytes_up"] > len(content) > second["bytes_up"]
    assert kept(server_end) == [content]


def test_a_server_killed_in_the_middle_goes_on_at_the_byte(server_end, line, photographed):
    client, said, path = as_others(photographed, line)
    uploader = client.uploader(str(path), chunk_size=200_000, metadata=said)
    uploader.upload_chunk()

    server_end.kill()
    server_end.start()

    assert uploader.get_offset() == 200_000
    uploader.upload()
    assert kept(server_end) == [path.read_bytes()]


def test_a_laptop_killed_in_the_middle_goes_on_and_sends_nothing_twice(server_end, place, new_laptop, tmp_path):
    laptop = new_laptop()
    content = plain_jpeg(at_least=3_000_000)
    attaches(laptop, place, tmp_path, content)
    parts: Path = server_end.central.settings.files / "parts"
    running = laptop.starts("sync")
    deadline = time.monotonic() + 60
    while not any(part.stat().st_size for part in parts.glob("*")) and time.monotonic() < deadline:
        assert running.poll() is None, "the sync was over before it could be killed"
        time.sleep(0.001)

    running.send_signal(signal.SIGKILL)
    running.wait()
    time.sleep(0.5)  # what was on its way arrives
    (part,) = parts.glob("*")
    had = part.stat().st_size
    said = json.loads(laptop.call("sync", "--json"))

    assert 0 < had < len(content)
    assert said["bytes_up"] < len(content) - had + 20_000
    assert kept(server_end) == [content]


def test_the_command_says_in_one_sentence_what_cannot_be_attached(place, new_laptop, tmp_path):
    laptop = new_laptop()
    visit = laptop.records(place)
    (tmp_path / "phim.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42")

    said = laptop.call("attach", visit, str(tmp_path / "phim.mp4"), fails=True)

    assert len(said.strip().splitlines()) == 1
    assert "JPEG, PNG" in said


def test_verify_names_a_file_that_was_lost(server_end, photographed):
    photographed.call("sync")
    central = server_end.central
    (row,) = central.db.conn.execute("SELECT sha256 FROM files").fetchall()
    path_of(central.settings.files, row[0]).unlink()

    said = call("server.cli", "verify", "--json", "--data", str(central.settings.data), fails=None)

    assert json.loads(said)["problems"] == [f"Thiếu tệp {row[0]}."]
