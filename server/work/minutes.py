"""The minutes of an inspection of a unit's own work on A4; names and signatures are written by hand."""

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any

from schemas import faces
from schemas.checklists import Answer
from schemas.paper_words import day, in_a_sentence, two
from schemas.units import UnitTree
from schemas.work import unit_checklist
from server.work.model import UnitInspection

if TYPE_CHECKING:
    import typst  # 7 MB: imported when the first paper is set

_lock = Lock()  # one typesetter serves all threads, one after another


def pdf(found: UnitInspection, tree: UnitTree, at: datetime) -> bytes:
    """Set the minutes as PDF."""
    given = json.dumps(sheet(found, tree), ensure_ascii=False)
    with _lock:
        inputs = {"minutes": given, "fonts": f'["{faces.chosen()[0]}", "{faces.OWN}"]'}
        document = _typesetter().compile(_layout(), format="pdf", sys_inputs=inputs, timestamp=int(at.timestamp()))
    if not isinstance(document, bytes):
        raise RuntimeError("The typesetter returned no document.")
    return document


def sheet(found: UnitInspection, tree: UnitTree) -> dict[str, Any]:
    """Return what the layout is given: words and values, nothing to be worked out. A paper is in Vietnamese."""
    unit, questions = tree.get(found.unit), {one.code: one.text for one in unit_checklist().questions}
    rows = [[questions.get(one.code, one.code), Answer(one.answer).label, one.note] for one in found.answers]
    return {
        "body": found.team_name or found.body, "unit": in_a_sentence(unit.name if unit else ""), "number": found.number,
        "day": day(found.on), "members": two(found.members),
        "agencies": list(found.agencies), "rows": rows, "findings": found.findings,
        "recommendations": found.recommendations, "mend_by": day(found.mend_by), "law": unit_checklist().law,
        "void": found.void, "seats": [found.members or 3, 3],
    }  # fmt: skip


@cache
def _typesetter() -> "typst.Compiler":
    import typst

    return typst.Compiler(font_paths=faces.chosen()[1], ignore_system_fonts=True)


@cache
def _layout() -> bytes:
    return files("server.work").joinpath("minutes.typ").read_bytes()
