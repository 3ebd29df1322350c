"""The order of a return on paper: what stands before, in and after its parts, and which tables; from the template."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class FramePart:
    """One part as it is printed: a line of *text* is a paragraph; *tables* stand below it."""

    key: str
    heading: str
    text: str
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """A return around its figures: what the template says with the values and the narrative filled in."""

    opening: tuple[str, ...]
    parts: tuple[FramePart, ...]
    closing: tuple[str, ...]
    annexes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Frame":
        """Read what `as_json` wrote."""
        parts = tuple(FramePart(**{**part, "tables": tuple(part["tables"])}) for part in kept["parts"])
        return cls(tuple(kept["opening"]), parts, tuple(kept["closing"]), tuple(kept["annexes"]))
