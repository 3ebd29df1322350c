"""How the bytes of photos lie on the disk: whole, under their hash, closed where the store is, and nowhere in clear."""

import pytest

from field_client.store import blobs
from field_client.store.blobs import Drawer, NotWritten
from tests.pictures import name_of_file, plain_jpeg

KEY = bytes(range(32))
CONTENT = plain_jpeg(at_least=150_000)


@pytest.fixture(params=[b"", KEY], ids=["plain", "closed"])
def drawer(request, tmp_path):
    """An empty drawer."""
    return Drawer(tmp_path / "files", request.param)


def test_what_is_put_is_read_whole_and_in_pieces(drawer):
    name = blobs.put(drawer, CONTENT)

    assert name == name_of_file(CONTENT)
    assert blobs.read(drawer, name) == CONTENT
    assert blobs.piece(drawer, name, 65_000, 70_000) == CONTENT[65_000:135_000]
    assert blobs.is_whole(drawer, name)
    assert [found for found, _ in blobs.lying(drawer)] == [name]


def test_under_a_key_nothing_lies_in_clear_and_another_key_opens_nothing(tmp_path):
    closed = Drawer(tmp_path / "files", KEY)

    name = blobs.put(closed, CONTENT)

    assert CONTENT[1000:1064] not in (closed.folder / name).read_bytes()
    assert not blobs.is_whole(Drawer(closed.folder, bytes(32)), name)


def test_a_file_that_was_changed_is_not_whole(drawer):
    name = blobs.put(drawer, CONTENT)
    changed = bytearray((drawer.folder / name).read_bytes())
    changed[-100] ^= 1
    (drawer.folder / name).write_bytes(changed)

    assert not blobs.is_whole(drawer, name)


def test_what_is_removed_is_gone_also_twice(drawer):
    name = blobs.put(drawer, CONTENT)
    for _ in range(2):
        blobs.remove(drawer, name)

    assert not blobs.has(drawer, name)
    assert not blobs.is_whole(drawer, name)


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "files").write_bytes(b"in the way")

    with pytest.raises(NotWritten, match="kiểm tra ổ đĩa"):
        blobs.put(Drawer(tmp_path / "files", b""), CONTENT)
