"""“Bản trích lịch sử cơ sở”: a history set on A4, under a look-up code, with who printed it, why, and how old it is."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any

from server.history.answers import age_lines, said
from server.history.operator import OperatorHistory
from server.history.place import PlaceHistory
from server.history.words import line
from server.pages.words import day

if TYPE_CHECKING:
    import typst  # 7 MB: imported when the first extract is set

_lock = Lock()  # one typesetter serves all threads, one after another


@dataclass(frozen=True)
class Printing:
    """What stands on an extract beside the history: whose it is, the code, who prints it, when and why."""

    kind: str
    name: str
    unit: str
    code: str
    by: str
    at: str
    purpose: str
    facts: tuple[tuple[str, str], ...]
    mark: str = ""  # across each page, where the data are invented


def pdf(printing: Printing, found: PlaceHistory | OperatorHistory, at: int) -> bytes:
    """Set a history as PDF; *at* is the moment it says it was made, in UNIX seconds."""
    given = json.dumps(sheet(printing, found), ensure_ascii=False)
    with _lock:
        document = _typesetter().compile(_layout(), format="pdf", sys_inputs={"extract": given}, timestamp=at)
    if not isinstance(document, bytes):
        raise RuntimeError("The typesetter returned no document.")
    return document


def sheet(printing: Printing, found: PlaceHistory | OperatorHistory) -> dict[str, Any]:
    """Return what the layout is given: words and values, nothing to be worked out."""
    texts = words()
    labels = texts["labels"]
    head = [(labels["printed_by"], printing.by), (labels["printed_at"], printing.at),
            (labels["purpose"], printing.purpose)]  # fmt: skip
    return {
        "title": texts["titles"][printing.kind], "name": printing.name, "unit": printing.unit, "code": printing.code,
        "mark": printing.mark, "words": labels, "notes": texts["notes"]["lines"], "head": head,
        "facts": [pair for pair in printing.facts if pair[1]], "age": age_lines(found.age),
        "today": [_answer(one) for one in map(said, found.today)],
        "timeline": [_line(one) for one in map(line, found.timeline)],
    }  # fmt: skip


def _answer(one: Any) -> dict[str, Any]:
    return {"acts": one.acts, "answer": one.answer, "until": one.until, "lines": [*one.missing, *one.working]}


def _line(one: Any) -> dict[str, Any]:
    return {"day": day(one.day), "group": one.group, "title": one.title, "lines": list(one.lines),
            "marks": [mark for mark, _colour in one.marks]}  # fmt: skip


@cache
def words() -> dict[str, Any]:
    """Return the texts of an extract."""
    return tomllib.loads(files("schemas.data").joinpath("extract.toml").read_text(encoding="utf-8"))


@cache
def _typesetter() -> "typst.Compiler":
    import typst

    return typst.Compiler(font_paths=[], ignore_system_fonts=True)


@cache
def _layout() -> bytes:
    return files("server.history").joinpath("extract.typ").read_bytes()
