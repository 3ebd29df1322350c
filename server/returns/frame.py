"""The order of a return on paper: what stands before, in and after its parts, and which tables; from the template."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from schemas.return_texts import ReturnTemplate
from server.documents.templates import filled


@dataclass(frozen=True)
class FramePart:
    """One part as printed: a line of *text* is a paragraph; *tables* below it; *under*: the heading over several."""

    key: str
    heading: str
    text: str
    tables: tuple[str, ...] = ()
    under: str = ""


@dataclass(frozen=True)
class Frame:
    """A return around its figures: what the template says with the values and the narrative filled in.

    *name*: of the area's own template, empty for the program's; *trouble*: why the area's own is not used.
    """

    opening: tuple[str, ...]
    parts: tuple[FramePart, ...]
    closing: tuple[str, ...]
    annexes: tuple[str, ...]
    name: str = ""
    trouble: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Frame":
        """Read what `as_json` wrote."""
        parts = tuple(FramePart(**{**part, "tables": tuple(part["tables"])}) for part in kept["parts"])
        lines = (tuple(kept[name]) for name in ("opening", "closing", "annexes"))
        opening, closing, annexes = lines
        return cls(opening, parts, closing, annexes, kept["name"], kept["trouble"])


def frame(text: ReturnTemplate, values: Mapping[str, str], narrative: Mapping[str, str]) -> Frame:
    """Fill in the template of a return."""
    said = filled(text, values, narrative)
    parts = tuple(FramePart(part.key, part.heading, part.text, part.tables, part.under) for part in said.parts)
    return Frame(said.opening, parts, said.closing, said.annexes, text.name, text.trouble)
