"""Which text a paper is printed from: the office's newest one of its purpose, else the program's own."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from schemas.papers import Paper, PaperError, builtin, read


@dataclass(frozen=True)
class Template:
    """The text in use: whose it is, and why the office's own is not used where it cannot be."""

    paper: Paper
    name: str = ""  # empty: it came with the program
    trouble: str = ""


def chosen(db: Database, purpose: str) -> Template:
    """Return the text for a *purpose*; one that cannot be read never stops a paper from being printed."""
    found = _of_office(db, purpose)
    if found is None:
        return Template(builtin(purpose))
    name, text = found
    try:
        return Template(read(text), name)
    except PaperError as error:
        said = f"Không dùng được mẫu “{name}” của văn phòng: {error} Đang in theo mẫu có sẵn trong chương trình."
        return Template(builtin(purpose), trouble=said)


def _of_office(db: Database, purpose: str) -> tuple[str, str] | None:
    """Return name and text of the newest one; an empty text means that the program's own is wanted again."""
    rows = db.conn.execute("SELECT state FROM things WHERE kind = 'template' AND gone = 0 ORDER BY pos DESC")
    for (text,) in rows:
        state = json.loads(text)
        if state.get("purpose") == purpose:
            return (str(state.get("name") or ""), str(state["text"])) if state.get("text") else None
    return None

