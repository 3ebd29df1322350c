"""The English catalogue as a file: read, brought up to what is said, written, and compiled."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.catalogue.extract import ROOT, everything_said

PO = ROOT / "schemas" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
# Where the label of a field has an English of its own and the same Vietnamese stands elsewhere too: what fits both.
FITS_BOTH = {"Cơ sở": "Establishments", "Hình thức": "Form", "Ngừng dùng": "Out of use"}
ONE_DAY = datetime(2026, 11, 26, tzinfo=UTC)  # a file that says nothing new has no new bytes


def read(path: Path = PO) -> Catalog:
    """Read the catalogue; where there is none, an empty one."""
    if not path.exists():
        return Catalog("en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def updated(known: Catalog) -> Catalog:
    """Return the catalogue of what is said now: *known* English kept, what is new empty, what is gone left out."""
    fresh = Catalog("en", project="Doi178", version="", creation_date=ONE_DAY, revision_date=ONE_DAY,
                    copyright_holder="", last_translator="", language_team="", fuzzy=False)  # fmt: skip
    fresh.header_comment = "# English of what is said in Vietnamese; `make catalogue` brings it up to date."
    for text, said in sorted(everything_said().items(), key=lambda one: (min(one[1].places), one[0])):
        before = known.get(text)
        english = FITS_BOTH.get(text) or said.english or (before.string if before and not before.fuzzy else "")
        fresh.add(text, english, locations=[(place, 0) for place in sorted(said.places)])
    return fresh


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as a person edits it."""
    out = BytesIO()
    write_po(out, catalogue, width=120, include_lineno=False, omit_header=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the catalogue as programs read it."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """List what has no English yet."""
    return [str(message.id) for message in catalogue if message.id and not message.string]
