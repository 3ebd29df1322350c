"""Questions as programs ask them in a query string, and the pages in which a list is answered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from schemas.fields import Count, Record, Text

LONGEST_PAGE, USUAL_PAGE = 500, 50
WHOLE = "Nhập một số nguyên từ {least} đến {most}."
NO_UNIT = "Không có đơn vị hành chính này; nhập dạng bản đồ:mã, ví dụ new:15664."


class Whole(fields.Integer):
    """A whole number between *least* and *most*, written in digits."""

    default_error_messages = {"whole": WHOLE}
    _form = re.compile(r"-?[0-9]{1,12}", re.ASCII)

    def __init__(self, *, least: int = 0, most: int = 1_000_000_000, **kwargs: Any) -> None:
        limits = validate.Range(min=least, max=most, error=WHOLE.format(least=least, most=most))
        super().__init__(validate=limits, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if not isinstance(value, str) or not self._form.fullmatch(value):
            raise self.make_error("whole", least=self.least, most=self.most)
        return int(value)


class Flag(fields.Field[bool]):
    """`true` or `false`, and nothing else."""

    default_error_messages = {"flag": "Nhập true hoặc false."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise self.make_error("flag")
        return bool(value == "true")


class Many(fields.List):
    """A word that may stand several times: `kind=karaoke&kind=massage`."""


class InArea(Text):
    """A unit as epoch:code, within the area of who asks; left out, it is that area.

    One that does not exist is answered with invalid-input, one outside the area with not-allowed.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", None)
        super().__init__(limit=40, validate=validate.Regexp(r"(old|new):[0-9]{1,8}\Z", error=NO_UNIT), **kwargs)


class Question(Record):
    """The root of questions. A word that it does not know is refused, and so is one that is given twice.

    *aliases* are other words for the same: {"nam": "year"}.
    """

    aliases: ClassVar[dict[str, str]] = {}

    def read(self, query: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Return what *query* asks, or raise ValidationError."""
        given: dict[str, Any] = {}
        for word, value in query:
            given.setdefault(self.aliases.get(word, word), []).append(value)
        flat = {word: values if self._many(word) or len(values) > 1 else values[0] for word, values in given.items()}
        loaded: dict[str, Any] = self.load(flat)
        return loaded

    def _many(self, word: str) -> bool:
        return isinstance(self.fields.get(word), fields.List)


class NoQuestion(Question):
    """Nothing can be asked: the answer is what it is."""


class Paged(Question):
    """A list in pages: *limit* rows from *offset* on."""

    offset = Whole(load_default=0, metadata={"description": "How many rows to pass over."})
    limit = Whole(least=1, most=LONGEST_PAGE, load_default=USUAL_PAGE, metadata={"description": "How many to answer."})


@dataclass(frozen=True)
class Page:
    """A part of a list: its rows, and how many there are in all."""

    total: int
    rows: Sequence[Any]


def page_of(row: type[Record]) -> type[Record]:
    """Return the schema of a page of *row*: `total`, `rows`."""
    name = row.__name__.removesuffix("Schema")
    said = {
        "__doc__": f"A page of {name}.",
        "__module__": row.__module__,
        "total": Count(required=True, most=1_000_000_000, metadata={"description": "How many there are in all."}),
        "rows": fields.List(fields.Nested(row), required=True),
    }
    return type(f"{name}Page", (Record,), said)
