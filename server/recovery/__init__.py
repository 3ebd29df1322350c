"""Backup, restore, and what is known to be missing after it."""
