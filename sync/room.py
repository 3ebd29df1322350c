"""Putting a whole folder in the place of another: made beside it, swapped in by a rename, with nobody at work on it."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sync.locks import Taken, alone
from sync.sealed import flush_folder


class NotInPlace(Exception):
    """Nothing was put in place; the text says in one sentence what to do."""


@contextmanager
def room_for(folder: Path, aside: Path | None, locks: Sequence[str]) -> Iterator[Path]:
    """Yield an empty folder, which takes the place of *folder* when the block ends without an error.

    *folder* is empty or not there; where it holds something, that is moved to *aside*, or
    NotInPlace. *locks* are the files in it that somebody at work holds. A power cut or a
    kill leaves the old folder or the new one, whole, and what lies about is used up next time.
    """
    folder = folder.absolute()
    _refuse_what_cannot_be(folder, aside, locks)
    room = folder.with_name(f"{folder.name}.restoring")
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as held:
        places = [room, folder] if folder.exists() else [room]
        try:
            for lock in (place / name for place in places for name in locks):
                held.enter_context(alone(lock))
        except Taken:
            raise NotInPlace(f"Chương trình đang chạy trên {folder}; dừng lại rồi chạy lại.") from None
        try:
            _empty(room, locks)
            yield room
            _swap(room, folder, aside, locks)
        except BaseException:
            shutil.rmtree(room, ignore_errors=True)
            raise


def _refuse_what_cannot_be(folder: Path, aside: Path | None, locks: Sequence[str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotInPlace(f"{folder} là một tệp; chọn một thư mục trống.")
    if _holds_something(folder, locks) and aside is None:
        raise NotInPlace(f"Thư mục {folder} không trống; chọn thư mục khác, hoặc thêm --replace để cất bản cũ.")
    if os.path.ismount(folder):
        raise NotInPlace(f"{folder} là một ổ đĩa; chọn một thư mục con trong đó.")


def _holds_something(folder: Path, locks: Sequence[str]) -> bool:
    return folder.is_dir() and any(path.name not in locks for path in folder.iterdir())


def _empty(room: Path, locks: Sequence[str]) -> None:
    """Throw away what was left by one that was cut short."""
    for path in room.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in locks:
            path.unlink()


def _swap(room: Path, folder: Path, aside: Path | None, locks: Sequence[str]) -> None:
    if _holds_something(folder, locks):
        assert aside is not None, "refused before"
        folder.rename(aside)
    elif folder.exists():
        for name in locks:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
    room.rename(folder)
    flush_folder(folder.parent)
