"""Office changes as lines of JSON, for people who automate: each makes the same item as the page would."""

from server.changes.lines import apply_lines, apply_one

__all__ = ["apply_lines", "apply_one"]
