"""The server's tables, in numbered steps that are added and never edited; each module is named by its first step."""

from server.migrations import m001_begun, m007_files, m014_law, m020_office, m028_returns
from server.migrations.steps import migrations

STEPS = (m001_begun, m007_files, m014_law, m020_office, m028_returns)  # in their order

__all__ = ["STEPS", "migrations"]
