"""Passwords: what one must be, and the scrypt hash that is kept of it."""

from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

from schemas.text import fold

SHORTEST, LONGEST = 10, 200
_OF_THE_NAME = 4  # letters of a name from which on it may not be part of the password

# Folded, without spaces. Whoever guesses begins with these.
COMMON = frozenset((
    "1234567890", "0123456789", "12345678910", "123456789a", "1234512345", "1122334455", "9876543210", "0987654321",
    "1111111111", "0000000000", "password12", "password123", "password1234", "passw0rd123", "matkhau123",
    "matkhau1234", "matkhau12345", "qwertyuiop", "qwerty1234", "qwerty12345", "1q2w3e4r5t", "abcd123456",
    "abc1234567", "aaaaaaaaaa", "iloveyou123", "admin12345", "admin123456", "administrator", "quantri123",
    "quantri1234", "doi1781781", "doi178doi178", "vietnam123", "vietnam1234", "vietnam2026", "thanhhoa36",
    "thanhhoa123", "thanhhoa2026", "congan1234", "congan123456", "caicailon1", "letmein1234", "welcome1234",
    "welcome123", "changeme123", "doimatkhau",
))  # fmt: skip


class BadPassword(ValueError):
    """The password cannot be taken; the message says which rule it breaks and what to do."""


def check_rules(password: str, name: str) -> None:
    """Raise BadPassword unless *password* may be that of the user *name*."""
    if len(password) < SHORTEST:
        raise BadPassword(f"Mật khẩu ngắn quá; đặt ít nhất {SHORTEST} ký tự.")
    if len(password) > LONGEST:
        raise BadPassword(f"Mật khẩu dài quá {LONGEST} ký tự; rút ngắn lại.")
    plain, named = _plain(password), _plain(name)
    if plain == named or (len(named) >= _OF_THE_NAME and named in plain):
        raise BadPassword("Mật khẩu có tên đăng nhập trong đó; đặt mật khẩu không chứa tên.")
    if plain in COMMON or len(set(plain)) < 3:
        raise BadPassword("Mật khẩu này dễ đoán, nhiều người đã dùng; đặt một câu dài, ví dụ bốn từ không liên quan.")


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return generate_password_hash(password, method="scrypt")


def is_right(kept: str | None, password: str) -> bool:
    """Say whether *password* is the one of which *kept* is kept; where nothing is, it takes the same time."""
    fits = check_password_hash(kept or _nobody(), password[:LONGEST])
    return fits and kept is not None


@cache
def _nobody() -> str:
    return hashed("nobody has this password")
