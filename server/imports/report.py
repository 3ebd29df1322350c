"""The file of rows that could not be taken: line, column, value, reason, for Excel."""

import csv
from pathlib import Path
from typing import TextIO

from server.imports.planning import Planned
from server.imports.reading import BadFile
from server.tables import plain

_HEADER = ("dòng", "cột", "giá trị", "lý do")


class ErrorFile:
    """The error file of one import; it is there only when something was wrong."""

    def __init__(self, path: Path, source: Path) -> None:
        """Write to *path*; what an earlier import left there goes away."""
        if path.resolve() == source.resolve():
            raise BadFile(f"Tệp lỗi không thể trùng với tệp đang nhập {source.name}; chọn tên khác.")
        self._path = path
        self._file: TextIO | None = None
        if path.exists() and path.read_bytes().startswith("\ufeffdòng".encode()):
            path.unlink()

    @property
    def path(self) -> str | None:
        """Where the problems stand, None when there is none."""
        return str(self._path) if self._file else None

    def add(self, planned: Planned) -> None:
        """Write down every problem of a row."""
        if not planned.problems:
            return
        if self._file is None:
            self._file = self._open()
        csv.writer(self._file).writerows(
            (planned.row.line, problem.column, plain(problem.value), problem.reason) for problem in planned.problems
        )

    def _open(self) -> TextIO:
        try:
            file = self._path.open("w", encoding="utf-8-sig", newline="")
        except OSError:
            raise BadFile(f"Không ghi được tệp lỗi {self._path}; chọn chỗ khác bằng --errors.") from None
        csv.writer(file).writerow(_HEADER)
        return file

    def close(self) -> None:
        """Finish the file."""
        if self._file:
            self._file.close()
