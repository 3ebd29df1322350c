"""The look-up code on an extract: which line of the log it is, and a part of that line's hash, so that none is made up.

Sixteen digits: eight of the line's number, six out of its hash, two that catch slips (ISO 7064, MOD 97-10).
"""

import re
import sqlite3

DIGITS = 16


def code_of(conn: sqlite3.Connection, seq: int) -> str:
    """Return the code of line *seq* of the log, in fours."""
    (chain,) = conn.execute("SELECT chain FROM audit WHERE seq = ?", (seq,)).fetchone()
    digits = _digits(seq, chain)
    return " ".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def _digits(seq: int, chain: str) -> str:
    value = seq * 10**6 + int(chain[:12], 16) % 10**6
    return f"{value:014d}{98 - value * 100 % 97:02d}"


def line_of(conn: sqlite3.Connection, written: str) -> int | None:
    """Return the line of the log that a code names, however it was typed; None where there is none."""
    digits = re.sub(r"\D", "", written)
    if len(digits) != DIGITS:
        return None
    seq = int(digits[:8])
    row = conn.execute("SELECT chain FROM audit WHERE seq = ?", (seq,)).fetchone()
    return seq if row and _digits(seq, row[0]) == digits else None
