"""Sanction decisions at the office: the list, one decision with its parts and history, entering and editing."""
