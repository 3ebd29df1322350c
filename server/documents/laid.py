"""A paper as its makers place it: each word as it is printed, each table with its widths, nothing to be worked out."""

import re
from collections.abc import Iterator

from schemas.paper_words import clean
from server.documents import words
from server.documents.model import Paper, Part, Sheet
from server.documents.tabled import Laid, tables

_COMMITTEE = re.compile(r"((?:ỦY|U\u1ef6) BAN NHÂN DÂN) (.+)")
_ONE_LINE = 26  # letters


def laid(paper: Paper) -> Laid:
    """Return *paper* as the layouts of DOCX and PDF are given it."""
    inner, annexes = _sheets(paper)
    letter = not paper.kind
    return {
        "issuer_above": _broken(clean(paper.issuer_above)),
        "issuer": _broken(clean(paper.issuer)),
        "number": words.number_line(paper),
        "about": f"V/v {_matter(clean(paper.title))}" if letter else "",
        "place_day": words.day_line(paper),
        "draft": paper.draft,
        "kind": clean(paper.kind),
        "title": "" if letter else clean(paper.title),
        "addressees": [one.rstrip(" ;.") for one in map(clean, paper.addressees) if one],
        "body": [*_texts(paper.opening), *_body(paper.parts, inner)],
        "closing": [line for text in paper.closing for line in words.lines(text)],
        "recipients": list(_recipients(paper)),
        "signature": [one for one in map(clean, (paper.authority, paper.signing, paper.role)) if one],
        "signer": clean(paper.signer),
        "annexes": [_annex(paper, sheet, place, len(annexes)) for place, sheet in enumerate(annexes, 1)],
        "foot": words.foot(paper),
    }


def annexes(paper: Paper) -> list[Sheet]:
    """Return the annexes in their order: the wide tables of the text, then the paper's own."""
    return _sheets(paper)[1]


def _sheets(paper: Paper) -> tuple[set[int], list[Sheet]]:
    """Return which tables stand in the text, by identity, and the list of annexes."""
    own = list(_of_parts(paper.parts))
    return {id(one) for one in own if not one.wide}, [one for one in own if one.wide] + list(paper.annexes)


def _of_parts(parts: tuple[Part, ...]) -> Iterator[Sheet]:
    for part in parts:
        yield from part.sheets
        yield from _of_parts(part.parts)


def _texts(texts: tuple[str, ...]) -> list[Laid]:
    return [{"shape": "text", "text": line} for text in texts for line in words.lines(text)]


def _body(parts: tuple[Part, ...], inner: set[int], above: str = "") -> list[Laid]:
    found: list[Laid] = []
    for heading, part in words.numbered(parts, above):
        if heading:
            found.append(
                {"shape": "heading", "text": heading if above else heading.upper(), "level": 2 if above else 1}
            )
        found += _texts(part.paragraphs)
        found += [{"shape": "table", **_table(one)} for one in part.sheets if id(one) in inner]
        found += _body(part.parts, inner, heading or "·")
    return found


def _recipients(paper: Paper) -> Iterator[str]:
    """Yield the lines of Nơi nhận: “as above” of a letter first, what is kept by the clerk last."""
    said = [one.lstrip("- ").rstrip(" ;.,/") for one in map(clean, paper.recipients)]
    said = [one for one in said if one]
    if paper.addressees and not any(one.lower().startswith("như") for one in said):
        said.insert(0, "Như trên")
    if not any(one.lower().startswith("lưu") for one in said):
        said.append("Lưu: VT")
    for place, one in enumerate(said, 1):
        yield f"- {one}{'.' if place == len(said) else ';'}"


def _annex(paper: Paper, sheet: Sheet, place: int, of: int) -> Laid:
    name = f"Phụ lục {words.roman(place)}" if of > 1 else "Phụ lục"
    return {"name": name, "belongs": words.belongs_to(paper), "wide": sheet.wide, **_table(sheet)}


def _table(sheet: Sheet) -> Laid:
    """Return a table with its pieces, title and notes; *piece* says which of how many, and what it is about."""
    found = tables(sheet)
    for place, one in enumerate(found, 1):
        one["piece"] = f"Phần {place}/{len(found)}: {one['groups']}" if len(found) > 1 else ""
    notes = [line for note in sheet.notes for line in words.lines(note)]
    return {"title": clean(sheet.title), "tables": found, "notes": notes}


def _broken(issuer: str) -> str:
    """Break a long name of a committee where papers do: the committee, then of which place."""
    found = _COMMITTEE.match(issuer)
    return f"{found[1]}\n{found[2]}" if found and len(issuer) > _ONE_LINE else issuer


def _matter(title: str) -> str:
    """Return what a letter is about, as it stands behind V/v."""
    title = title[3:].strip() if title[:3].lower() == "v/v" else title
    return _small(title)


def _small(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title
