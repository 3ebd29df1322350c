"""The look-out for personal data in what the office writes: pointed out once, and never a reason not to save."""

from flask import request

from schemas.privacy import warnings

SEEN = "da-xem"  # the hidden field that holds the text as it was pointed out


def pointed_out(text: str) -> list[str]:
    """Return what looks like data about a person in *text*; nothing where the form shows it was pointed out before."""
    if request.form.get(SEEN, "").strip() == text.strip():
        return []
    return [one.label for one in warnings(text)]
