"""What is still missing before a return is sent. It is said, and forbids nothing."""

from dataclasses import dataclass
from datetime import date

from server.coverage.complete import Laptop, Reported
from server.returns.draft import Content, Where


@dataclass(frozen=True)
class Missing:
    """*values*: codes of indicators without a figure; *units*: key and name of those below that have not sent;
    *laptops*: those that have not told everything up to the cut-off day.
    """

    values: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    laptops: tuple[Laptop, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing is missing."""
        return not (self.values or self.units or self.laptops)


def missing(where: Where, content: Content) -> Missing:
    """Look what is missing for a draft. Called within one read transaction."""
    until = min(date.fromisoformat(content.head["to"]), where.today)
    reported = Reported(where.conn, where.tree)
    complete = reported.to(content.unit)
    behind = () if complete is not None and complete >= until else reported.holding_back(content.unit)
    return Missing(
        tuple(one.code for one in content.standings if one.is_missing),
        tuple((one.unit, one.name) for one in content.below if not (one.has_sent or one.is_unreadable)), tuple(behind),
    )  # fmt: skip
