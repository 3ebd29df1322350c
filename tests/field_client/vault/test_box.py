"""A file that is closed under a key: read anywhere, never by halves, by nobody without the key."""

import io
import os
import stat

import pytest

from field_client.vault import box

KEY, OTHER = bytes(range(32)), bytes(32)
SIZES = [0, 1, box.PIECE - 1, box.PIECE, box.PIECE + 1, 3 * box.PIECE, 200_001]


def some(size):
    return (b"Karaoke \xc4\x90\xc3\xb4ng \xc4\x90\xc3\xb4 " * (size // 10 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_closed_is_read_again_from_anywhere(tmp_path, size):
    content, path = some(size), tmp_path / "ảnh"
    box.write(path, content, KEY)

    with box.open_file(path, KEY) as file:
        assert file.read() == content
        assert file.seek(0, io.SEEK_END) == size
        for start in (0, 1, size // 2, max(0, size - 3)):
            file.seek(start)
            assert file.read(70_000) == content[start : start + 70_000]
    assert box.read(path, KEY) == content


def test_nothing_of_it_stands_on_the_disk_and_nobody_else_may_read_it(tmp_path):
    box.write(tmp_path / "ảnh", some(100_000), KEY)

    [path] = tmp_path.iterdir()
    assert b"Karaoke" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert box.is_closed(path)


def test_the_same_file_twice_looks_different(tmp_path):
    assert box.close(some(1000), KEY) != box.close(some(1000), KEY)


@pytest.mark.parametrize("key", [OTHER, box.PLAIN])
def test_another_key_opens_nothing(tmp_path, key):
    box.write(tmp_path / "ảnh", some(1000), KEY)

    with pytest.raises(box.Broken):
        box.read(tmp_path / "ảnh", key)


@pytest.mark.parametrize("change", ["a bit", "the end", "a piece", "two pieces change places", "only the head"])
def test_what_was_changed_or_cut_is_never_read_as_whole(tmp_path, change):
    closed, one = box.close(some(3 * box.PIECE), KEY), box.PIECE + 16
    head, pieces = closed[: box.HEAD], [closed[box.HEAD + n * one : box.HEAD + (n + 1) * one] for n in range(3)]
    path = tmp_path / "ảnh"
    path.write_bytes({
        "a bit": head + pieces[0] + pieces[1][:9] + bytes([pieces[1][9] ^ 1]) + pieces[1][10:] + pieces[2],
        "the end": closed[:-1],
        "a piece": head + pieces[0] + pieces[1],
        "two pieces change places": head + pieces[1] + pieces[0] + pieces[2],
        "only the head": head,
    }[change])  # fmt: skip

    with pytest.raises(box.Broken):
        box.read(path, KEY)


def test_what_was_there_stays_while_something_else_is_not_written_to_its_end(tmp_path):
    path = tmp_path / "ảnh"
    box.write(path, b"one", KEY)
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user writes anywhere")
        with pytest.raises(PermissionError):
            box.write(path, b"two", KEY)
    finally:
        tmp_path.chmod(0o700)

    assert box.read(path, KEY) == b"one"


def test_a_plain_store_keeps_its_files_plain_and_an_older_file_is_read_as_it_is(tmp_path):
    box.write(tmp_path / "plain", some(1000), box.PLAIN)

    assert (tmp_path / "plain").read_bytes() == some(1000)
    assert box.read(tmp_path / "plain", KEY) == some(1000)
