"""Spreadsheets that become office changes: units, establishments, past inspections and decisions, row by row."""

from server.imports.reading import BadFile
from server.imports.run import Counts, check_file, import_file

__all__ = ["BadFile", "Counts", "check_file", "import_file"]
