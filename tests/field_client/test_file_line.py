"""What a line for files promises: the fake in memory and the real one over HTTP keep the same tests."""

from dataclasses import dataclass
from typing import Any

import pytest

from field_client.syncing import DeviceLine
from schemas.ids import new_id
from server.access import credential_hash
from sync.errors import Refused, Unreachable
from sync.files import FileLine, Parcel
from tests.conftest import Laptop
from tests.field_client.fake_files import FakeFiles
from tests.pictures import name_of_file, plain_jpeg

CONTENT = plain_jpeg()


@dataclass
class End:
    """A line for files, and a way to have the server know a record."""

    line: FileLine
    knows: Any

    def parcel(self, content: bytes = CONTENT, said: bytes | None = None) -> Parcel:
        """Return a file whose record has arrived; *said* is what the record speaks of."""
        parcel = Parcel(new_id(), name_of_file(said or content), len(content), "image/jpeg")
        self.knows(parcel)
        return parcel


@pytest.fixture(params=["in memory", "over http"])
def end(request: pytest.FixtureRequest) -> End:
    if request.param == "in memory":
        fake = FakeFiles()
        return End(fake, lambda parcel: fake.records.add(parcel.attachment))
    served, central = request.getfixturevalue("served"), request.getfixturevalue("central")
    laptop, place = central.laptop(), central.place()
    central.db["credentials"].insert({"device": laptop.id, "hash": credential_hash(laptop.id), "made_at": ""})
    return End(DeviceLine(served.address, "", laptop.id).files, lambda parcel: _record(laptop, place, parcel))


def _record(laptop: Laptop, place: str, parcel: Parcel) -> None:
    visit = new_id()
    body = {"inspection": visit, "sha256": parcel.sha256, "size": parcel.size, "type": parcel.type, "role": "photo"}
    assert laptop.sends(laptop.visit(place, id=visit), laptop.line("attachment", parcel.attachment, body)) == [
        "accepted", "accepted"]  # fmt: skip


def test_a_file_goes_in_pieces_and_says_how_far_it_is(end):
    begun = end.line.begin(end.parcel())

    half = end.line.go_on(begun.upload, 0, CONTENT[:700])
    asked = end.line.how_far(begun.upload)
    whole = end.line.go_on(begun.upload, 700, CONTENT[700:])

    assert (begun.offset, half.offset, asked.offset, whole.offset) == (0, 700, 700, len(CONTENT))
    assert whole.seq > 0


def test_a_file_that_the_server_has_is_whole_at_once(end):
    first, second = end.parcel(), end.parcel()
    end.line.go_on(end.line.begin(first).upload, 0, CONTENT)

    assert end.line.begin(second).offset == len(CONTENT)


def test_a_piece_from_elsewhere_is_refused(end):
    upload = end.line.begin(end.parcel()).upload

    with pytest.raises(Refused) as refused:
        end.line.go_on(upload, 5, CONTENT[5:])
    assert refused.value.slug == "wrong-offset"


def test_an_upload_that_there_is_not_is_none(end):
    assert end.line.how_far(new_id()) is None
    with pytest.raises(Refused) as refused:
        end.line.go_on(new_id(), 0, CONTENT)
    assert refused.value.slug == "no-such-upload"


def test_a_file_without_its_record_is_refused(end):
    with pytest.raises(Refused) as refused:
        end.line.begin(Parcel(new_id(), name_of_file(CONTENT), len(CONTENT), "image/jpeg"))
    assert refused.value.slug == "no-such-record"


def test_a_file_that_changed_on_its_way_is_refused_and_its_upload_is_no_more(end):
    upload = end.line.begin(end.parcel(CONTENT, said=plain_jpeg(7))).upload

    with pytest.raises(Refused) as refused:
        end.line.go_on(upload, 0, CONTENT)
    assert refused.value.slug == "file-mismatch"
    assert end.line.how_far(upload) is None


def test_a_server_that_is_not_there_is_unreachable():
    with pytest.raises(Unreachable):
        DeviceLine("http://127.0.0.1:1", "").files.how_far("x")
