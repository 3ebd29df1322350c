"""Many files in one: what went in comes out, and anything else is said in one sentence."""

import io
import os
import tarfile
import threading
import unicodedata

import pyrage
import pytest

from sync.age_lock import lock
from sync.locks import alone
from sync.sealed import NotSealed, check, passphrase_from, unpack, write

PASSPHRASE = "đội một bảy tám"
ABOUT = {"what": "thử", "seq": 7}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The work of one guess is for the disk that is stolen; here it only takes time."""
    monkeypatch.setattr("sync.age_lock.WORK", 10)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in" / "keys").mkdir(parents=True)
    (tmp_path / "in" / "doi178.db").write_bytes(os.urandom(300_001))
    (tmp_path / "in" / "keys" / "secret").write_bytes("bí mật".encode())
    (tmp_path / "in" / "empty").write_bytes(b"")
    return tmp_path


def members(folder):
    return [(path.relative_to(folder / "in").as_posix(), path) for path in sorted((folder / "in").rglob("*.*"))] + [
        ("keys/secret", folder / "in" / "keys" / "secret"), ("empty", folder / "in" / "empty")
    ]  # fmt: skip


@pytest.fixture
def made(folder):
    write(folder / "luu.backup", PASSPHRASE, members(folder), ABOUT)
    return folder / "luu.backup"


def test_what_went_in_comes_out(folder, made):
    assert unpack(made, PASSPHRASE, folder / "out") == ABOUT

    for name, path in members(folder):
        assert (folder / "out" / name).read_bytes() == path.read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["in", "luu.backup", "out"]


def test_nothing_of_it_can_be_read_in_the_file(folder, made):
    body = made.read_bytes()

    assert "bí mật".encode() not in body
    assert b"doi178.db" not in body
    assert made.stat().st_mode & 0o077 == 0


def test_the_passphrase_may_be_typed_with_marks_apart(folder, made):
    assert check(made, f" {unicodedata.normalize('NFD', PASSPHRASE)}\n") == ABOUT


def test_public_tools_open_it(folder, made):
    """The form of the page: a mark, a length, and two age files, of which the second is a tar archive."""
    mark, length, rest = made.read_bytes().split(b"\n", 2)
    identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(rest[: int(length)], PASSPHRASE).decode())
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(rest[int(length) :], [identity]))) as archive:
        names = set(archive.getnames())

    assert mark == b"doi178-sealed-1"
    assert names == {"doi178.db", "keys/secret", "empty", "manifest.json"}


def test_another_program_reads_what_we_lock():
    assert pyrage.passphrase.decrypt(lock("khóa".encode(), "mật khẩu"), "mật khẩu") == "khóa".encode()


def test_a_wrong_passphrase_is_said(made):
    with pytest.raises(NotSealed, match="Mật khẩu không đúng"):
        check(made, "một mật khẩu khác")


@pytest.mark.parametrize("left", [0, 5, 16, 18, 100, 400, 1000, 100_000, -1])
def test_a_file_that_was_cut_is_said(made, left):
    size = made.stat().st_size
    os.truncate(made, left if left >= 0 else size + left)

    with pytest.raises(NotSealed) as said:
        check(made, PASSPHRASE)

    assert "bị cắt" in str(said.value) or "không phải bản lưu" in str(said.value)


@pytest.mark.parametrize("at", [20, 250, 700, 150_000, -2])
def test_one_changed_byte_anywhere_is_found(made, at):
    body = bytearray(made.read_bytes())
    body[at] ^= 1
    made.write_bytes(body)

    with pytest.raises(NotSealed):
        check(made, PASSPHRASE)


@pytest.mark.parametrize("body", [b"", b"PK\3\4 not ours", b"doi178-sealed-1\n", b"doi178-sealed-1\nx\n", b"\0" * 5000])
def test_a_foreign_file_is_said(tmp_path, body):
    (tmp_path / "khac").write_bytes(body)

    with pytest.raises(NotSealed):
        check(tmp_path / "khac", PASSPHRASE)


def test_a_name_that_reaches_outside_the_folder_is_refused_when_it_is_read_back(folder):
    with pytest.raises(NotSealed):
        write(folder / "luu.backup", PASSPHRASE, [("../outside", folder / "in" / "empty")], ABOUT)

    assert sorted(path.name for path in folder.iterdir()) == ["in"]


def test_it_is_never_written_over_another_file(folder, made):
    before = made.read_bytes()

    with pytest.raises(NotSealed, match="không ghi đè"):
        write(made, PASSPHRASE, members(folder), ABOUT)

    assert made.read_bytes() == before


def test_a_file_that_appears_meanwhile_stays_as_it_is(folder):
    path = folder / "luu.backup"

    def slow():
        yield from members(folder)
        path.write_text("của người khác")

    with pytest.raises(NotSealed, match="không ghi đè"):
        write(path, PASSPHRASE, slow(), ABOUT)

    assert path.read_text() == "của người khác"
    assert not path.with_name("luu.backup.part").exists()


def test_a_member_that_is_gone_is_left_out_and_one_that_shrinks_is_said(folder):
    gone = ("files/gone", folder / "in" / "gone")
    write(folder / "luu.backup", PASSPHRASE, [*members(folder), gone], ABOUT)
    unpack(folder / "luu.backup", PASSPHRASE, folder / "out")

    assert not (folder / "out" / "files").exists()


def test_two_do_not_write_one_file(folder):
    path, held, done = folder / "luu.backup", threading.Event(), threading.Event()

    def other():
        with alone(path.with_name("luu.backup.part")):
            held.set()
            done.wait(30)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(30)
    with pytest.raises(NotSealed, match="chờ xong"):
        write(path, PASSPHRASE, members(folder), ABOUT)
    done.set()
    thread.join()


def test_what_a_killed_one_left_is_written_over(folder):
    (folder / "luu.backup.part").write_bytes(b"x" * 1_000_000)

    write(folder / "luu.backup", PASSPHRASE, members(folder), ABOUT)

    assert check(folder / "luu.backup", PASSPHRASE) == ABOUT
    assert not (folder / "luu.backup.part").exists()


def test_a_short_passphrase_is_refused(folder):
    with pytest.raises(NotSealed, match="8 ký tự"):
        write(folder / "luu.backup", "ngắn", members(folder), ABOUT)


def test_the_passphrase_comes_from_a_file_or_the_environment(tmp_path):
    file = tmp_path / "mat-khau"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8-sig")

    assert passphrase_from(file, {}) == PASSPHRASE
    assert passphrase_from(None, {"DOI178_PASSPHRASE": PASSPHRASE}) == PASSPHRASE
    assert passphrase_from(None, {}) == ""
    with pytest.raises(NotSealed):
        passphrase_from(tmp_path / "khong-co", {})
