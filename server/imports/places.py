"""The establishments that a batch of rows names by code."""

import sqlite3
from collections.abc import Iterable

from server.imports.columns import Problem
from server.store import in_parts, marks


class Places:
    """The one establishment of each code; a record that was merged away stands back for the other."""

    def __init__(self, conn: sqlite3.Connection, codes: Iterable[str]) -> None:
        """Look all *codes* up at once."""
        self._places: dict[str, list[tuple[str, str | None]]] = {}
        for some in in_parts(list(dict.fromkeys(codes))):
            rows = conn.execute(f"SELECT code, id, merged_into FROM establishments WHERE code IN ({marks(some)})", some)
            for code, id, merged_into in rows:
                self._places.setdefault(code, []).append((id, merged_into))

    def find(self, code: str) -> str | None:
        """Return the id of the one establishment of *code*, None when there is none or more than one."""
        records = self._places.get(code, [])
        standing = [id for id, merged_into in records if not merged_into] or [id for id, _ in records]
        return standing[0] if len(standing) == 1 else None

    def problems(self, code: str) -> list[Problem]:
        """Say why *code* names no place."""
        if self.find(code):
            return []
        reason = f"Có nhiều cơ sở mang mã {code}; gộp các cơ sở trùng rồi nhập lại."
        if code not in self._places:
            reason = f"Không có cơ sở mã {code}; nhập cơ sở đó trước."
        return [Problem("establishment", code, reason)]
