"""Filled papers set on pages: as one PDF, or as a picture of each page. Nothing is read from the network."""

import json
from functools import lru_cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from field_client.printing.code import Drawn
from schemas import faces

if TYPE_CHECKING:
    import typst  # 7 MB: where it is used it is imported when the first paper is set

_lock = Lock()  # one typesetter serves all threads, one after another
Sheet = dict[str, Any]


def finished(
    filled: dict[str, Any], *, name: str, foot: str, mark: str = "", code: Drawn | None = None, beside: str = ""
) -> Sheet:
    """Return a filled paper with what stands round it: its foot, a *mark* across it, its code and words there."""
    drawn = {"qr": code.svg if code else "", "qr_mm": code.mm if code else 0, "qr_words": beside}
    return {**filled, **drawn, "name": name, "foot": foot, "mark": mark}


@lru_cache(maxsize=1)
def _typesetter() -> "typst.Compiler":
    import typst

    return typst.Compiler(font_paths=faces.chosen()[1], ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return files("field_client.printing").joinpath("sheet.typ").read_bytes()


def pdf(sheets: list[Sheet], at: int) -> bytes:
    """Set *sheets* one behind the other as one PDF; *at* is the moment it says it was made, in UNIX seconds."""
    (document,) = _set(json.dumps(sheets, ensure_ascii=False), "pdf", at)
    return document


def pages(sheets: list[Sheet]) -> tuple[bytes, ...]:
    """Return a picture (SVG) of each page of *sheets*."""
    return _set(json.dumps(sheets, ensure_ascii=False), "svg", 0)


@lru_cache(maxsize=4)  # a browser asks for page after page of one paper
def _set(sheets: str, form: Literal["pdf", "svg"], at: int) -> tuple[bytes, ...]:
    given = {"papers": sheets, "fonts": json.dumps([faces.chosen()[0], faces.OWN])}
    with _lock:
        found = _typesetter().compile(_layout(), format=form, sys_inputs=given, timestamp=at)
    if found is None:
        raise RuntimeError("The typesetter returned nothing.")
    return tuple(found) if isinstance(found, list) else (found,)
