"""What an import changed, field by field, in words: shown before it is done, and as a file afterwards."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from schemas.said import Named, label, words
from server.imports.planning import Fate, Planned
from server.tables import plain

_HEADER = ("dòng", "mã", "việc", "mục", "trước", "sau")
FATES = {Fate.ADDED: "Thêm mới", Fate.CHANGED: "Thay đổi", Fate.SAME: "Như cũ", Fate.BAD: "Sai"}
MOST = 20_000  # lines of the file
Field = tuple[str, str, str]  # label, before, after


def fields(planned: Planned, named: Named) -> Iterator[Field]:
    """Yield the fields that a row is to change, in words; of a new thing all that it says."""
    made = {one.id: one.body["set"].get("name") for one in planned.changes if isinstance(one.body.get("set"), dict)}

    def name(kind: str, id: str) -> str:
        return str(made.get(id) or named(kind, id))

    for change in planned.changes:
        after, was = change.body.get("set"), change.body.get("was")
        if not isinstance(after, dict) or not isinstance(was, dict):
            continue
        for path, value in after.items():
            said = (_said(change.kind, path, was.get(path), name), _said(change.kind, path, value, name))
            yield (label(change.kind, path), *said)


def beside(planned: Planned, present: Callable[[str, str], dict[str, Any] | None]) -> list[str]:
    """Return the fields in which the register says something else than a row takes it to: they end beside it."""
    found = []
    for change in planned.changes:
        now, said, was = present(change.kind, change.id), change.body.get("set"), change.body.get("was")
        if now and isinstance(said, dict) and isinstance(was, dict):
            found += [label(change.kind, path) for path in said if now.get(path) not in (was.get(path), said[path])]
    return found


def _said(kind: str, path: str, value: Any, named: Named) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return words(kind, path, value, named)


class ChangeFile:
    """The file of what changed; it is there only when something did."""

    def __init__(self, path: Path, key: Callable[[Planned], str], named: Named) -> None:
        """Write to *path*; *key* says which thing of the file a row is about."""
        self._path, self._key, self._named = path, key, named
        self._file: TextIO | None = None
        self._lines = 0

    def add(self, planned: Planned) -> None:
        """Write down what a row changed; of a new thing only that it is new."""
        if planned.fate not in (Fate.ADDED, Fate.CHANGED) or self._lines >= MOST:
            return
        start = (planned.row.line, plain(self._key(planned)), FATES[planned.fate])
        changed = fields(planned, self._named) if planned.fate is Fate.CHANGED else ()
        self._write([(*start, *map(plain, one)) for one in changed] or [(*start, "", "", "")])

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(_HEADER)
        csv.writer(self._file).writerows(rows)
        self._lines += len(rows)

    def close(self) -> None:
        """Finish the file."""
        if self._file:
            self._file.close()
