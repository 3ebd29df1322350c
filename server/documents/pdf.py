"""A paper as PDF. The same paper gives the same bytes; nothing is read from the network."""

import json
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING

from schemas import faces
from server.documents.laid import laid
from server.documents.model import Paper

if TYPE_CHECKING:
    import typst  # 7 MB: imported when the first paper is set

_lock = Lock()  # one typesetter serves all threads, one after another


def as_pdf(paper: Paper) -> bytes:
    """Set *paper* as PDF."""
    given = {
        "paper": json.dumps(laid(paper), ensure_ascii=False),
        "fonts": json.dumps([faces.chosen()[0], faces.OWN]),
    }
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
