"""The container of a bundle: what it is made of, how it is cut into parts, that it needs no memory."""

import io
import os
import tarfile
import threading
import tracemalloc
from contextlib import closing, contextmanager

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.bundle import Closing, Direction, Member, check, keys, mark, marks_of, members, new_files, write_parts
from sync.errors import BadBundle

READER, SIGNER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
HEAD = {"direction": Direction.UP, "device": "x"}


def written(pieces, *, limit=2**31, end=lambda marks: {}):
    """Write a bundle and return its parts."""
    parts = []

    @contextmanager
    def open_part(number):
        parts.append(io.BytesIO())
        assert number == len(parts)
        yield parts[-1]

    count = write_parts(open_part, Closing(READER.public_key(), SIGNER), HEAD, pieces, end, limit=limit)
    assert count == len(parts)
    return parts


def checked(part):
    return check(part, READER, Direction.UP, lambda head: SIGNER.public_key(), forged="forged")


def test_it_is_a_tar_in_an_age_file_that_any_program_opens():
    [part] = written([Member("batch-000001", b"one"), Member("batch-000002", b"two" * 300)])

    plain = pyrage.decrypt(part.getvalue(), [keys.identity(READER)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        held = {info.name: tar.extractfile(info).read() for info in tar}

    assert list(held) == ["head.json", "batch-000001", "batch-000002", "end.json", "signature"]
    assert held["batch-000002"] == b"two" * 300
    assert marks_of(part) == {mark(READER.public_key())}


def test_what_was_written_is_read_in_its_order():
    pieces = [Member(f"batch-{n}", os.urandom(n * 700)) for n in range(20)]
    [part] = written(pieces)

    said = checked(part)

    assert list(members(part, READER)) == [(piece.name, piece.body) for piece in pieces]
    assert (said.head["part"], said.end["more"]) == (1, False)


def test_nothing_to_say_is_a_bundle_too():
    [part] = written([])

    assert checked(part).end == {"more": False}
    assert list(members(part, READER)) == []


def test_each_part_is_a_bundle_of_its_own_and_no_longer_than_it_may_be():
    pieces = [Member(f"batch-{n}", os.urandom(n * 97), n) for n in range(200)]

    parts = written(pieces, limit=120_000, end=lambda marks: {"marks": marks})

    said = [checked(part) for part in parts]
    assert max(len(part.getvalue()) for part in parts) <= 120_000
    assert [one.head["part"] for one in said] == list(range(1, len(parts) + 1))
    assert [one.end["more"] for one in said] == [True] * (len(parts) - 1) + [False]
    assert [n for one in said for n in one.end["marks"]] == list(range(200))
    assert [name for part in parts for name, _ in members(part, READER)] == [piece.name for piece in pieces]


def test_a_piece_longer_than_a_part_goes_alone():
    parts = written([Member("a", b"x"), Member("b", os.urandom(50_000)), Member("c", b"x")], limit=20_000)

    assert [[name for name, _ in members(part, READER)] for part in parts] == [["a"], ["b"], ["c"]]


def test_no_size_takes_more_memory_than_one_piece(tmp_path):
    body = os.urandom(200_000)
    pieces = (Member(f"batch-{n:06d}", body, n) for n in range(400))  # 80 MB

    tracemalloc.start()
    with new_files(tmp_path / "out") as open_part:
        write_parts(open_part, Closing(READER.public_key(), SIGNER), HEAD, pieces, lambda marks: {}, limit=2**31)
    with (tmp_path / "out").open("rb") as part:
        checked(part)
        count = sum(1 for _ in members(part, READER))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 400
    assert peak < 10_000_000


@pytest.mark.parametrize("at", [25, 200, 400, 70_000, -1])
def test_one_changed_byte_is_seen_before_anything_is_taken(at):
    [part] = written([Member("batch-000001", os.urandom(100_000))])
    torn = bytearray(part.getvalue())
    torn[at] ^= 1

    with pytest.raises(BadBundle):
        checked(io.BytesIO(bytes(torn)))


def test_who_stops_reading_leaves_nothing_running():
    [part] = written([Member(f"batch-{n}", os.urandom(50_000)) for n in range(20)])
    before = threading.active_count()

    with closing(members(part, READER)) as pieces:
        next(pieces)

    assert threading.active_count() == before


def test_a_disk_that_fails_while_it_is_read_is_not_called_a_bad_file():
    [part] = written([Member("batch-000001", os.urandom(300_000))])

    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 100_000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(OSError, match="Input/output error"):
        checked(Failing(part.getvalue()))
