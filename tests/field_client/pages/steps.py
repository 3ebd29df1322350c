"""What tests of a visit do again and again."""

from field_client import drafts


def fields(db, draft):
    """Return what stands in a draft."""
    return drafts.load(db, draft).fields


def finalise(reader, draft, **sent):
    """Press the last button."""
    return reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1", **sent})


def do(reader, draft, what, **sent):
    """Press a button of the form."""
    return reader.post(f"/cuoc-kiem-tra/{draft}", {"do": what, **sent})


def whole(reader, draft, **changes):
    """Fill a draft in as far as it must be."""
    reader.save_fields(
        draft, {"outcome": "no_violation", "roster.m1": "1", "roster.m2": "1", "roster.m4": "1", **changes}
    )
