"""Writing the lines of a sample: items of one invented device, the same bytes for the same seed."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from schemas.items import name_of, write
from schemas.register import State
from server.sample.chance import new_id, new_salt

AUTHOR = "Dữ liệu giả định"
_BEGINNING = date(2021, 1, 4)


@dataclass
class Writer:
    """Draws the numbers of the device that everything invented comes from."""

    rng: Random
    device: str = field(init=False)
    run: str = field(init=False)
    drawn: int = 0

    def __post_init__(self) -> None:
        """Draw the device and its run."""
        self.device, self.run = new_id(self.rng, _BEGINNING), new_id(self.rng, _BEGINNING)

    def item(self, kind: str, id: str, body: dict[str, Any], day: date, base: bytes | None = None) -> bytes:
        """Write one item as of the evening of *day*; *base* is the line that it corrects."""
        self.drawn += 1
        return write(
            kind=kind, id=id, base=name_of(base) if base else None, device=self.device, run=self.run,
            device_seq=self.drawn, author=AUTHOR, recorded_at=f"{day}T15:30:00Z", salt=new_salt(self.rng), body=body,
        )  # fmt: skip

    def edit(self, kind: str, id: str, after: State, day: date, was: State | None = None) -> bytes:
        """Write a register edit; *was* holds what stood at the paths before."""
        body = {"set": after, "was": {path: (was or {}).get(path) for path in after}}
        return self.item(kind, id, body, day)
