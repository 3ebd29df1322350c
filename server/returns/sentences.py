"""The narrative parts of a return, prefilled in Vietnamese from its figures; whoever writes it edits them."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.returns.table import Figures

# The keys of the parts, in the order of a report.
PARTS = (
    "tinh-hinh", "tuyen-truyen", "kiem-tra", "xu-phat", "tin-bao", "viec-trong-nam", "kho-khan", "phuong-huong",
)  # fmt: skip


def sentences(figures: Figures, standings: Sequence[Any] = (), *, report: str = "half_year") -> Mapping[str, str]:
    """Return the text of each part of PARTS; empty where a person must write it (kho-khan)."""
    raise NotImplementedError
