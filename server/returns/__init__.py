"""Returns: what a unit reports for a period, its figures, its annex and its words."""
