"""Sets what was laid out on pages; as a program of its own from stdin to stdout, for what takes much memory."""

import sys
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING

from schemas import faces

if TYPE_CHECKING:
    import typst  # 7 MB: imported when the first paper is set

_lock = Lock()  # one typesetter serves all threads, one after another


def set_pages(said: str) -> bytes:
    """Set a paper, which was laid out and written as JSON, as PDF."""
    given = {"paper": said, "fonts": f'["{faces.chosen()[0]}", "{faces.OWN}"]'}
    with _lock:
        document = _typesetter().compile(_layout(), format="pdf", sys_inputs=given, timestamp=0)
    if not isinstance(document, bytes):
        raise RuntimeError("The typesetter returned no document.")
    return document


@cache
def _typesetter() -> "typst.Compiler":
    import typst

    return typst.Compiler(font_paths=faces.chosen()[1], ignore_system_fonts=True)


@cache
def _layout() -> bytes:
    return files("server.documents").joinpath("paper.typ").read_bytes()


if __name__ == "__main__":
    sys.stdout.buffer.write(set_pages(sys.stdin.buffer.read().decode()))
