"""Users of the office: made and changed as items, their passwords kept apart as scrypt hashes."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlite_utils import Database
from werkzeug.security import check_password_hash, generate_password_hash

from schemas.ids import new_id
from server.office import edit, make, things
from server.store import writing

SHORTEST_PASSWORD = 10


class BadUser(ValueError):
    """The user cannot be made as asked; the message says what to change."""


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, and the hash that the session is tied to."""

    id: str
    hash: str


def add_user(db: Database, name: str, *, role: str, unit: str, password: str, author: str, at: datetime) -> str:
    """Make a user with a role within the area *unit* (epoch:code) and return the id."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadUser(f"Mật khẩu ngắn quá; đặt ít nhất {SHORTEST_PASSWORD} ký tự.")
    if any(user["name"] == name for user in things(db.conn, "user").values()):
        raise BadUser(f"Đã có tài khoản {name}; chọn tên khác.")
    id = new_id()
    epoch, _, area = unit.partition(":")
    state = {"name": name, "role": role, "epoch": epoch, "area": area}
    receipt = make(db, [edit("user", id, state, {})], author=author, at=at)[0]
    if receipt.standing != "accepted":
        problems = (receipt.detail or {}).get("problems", {})
        raise BadUser(" ".join(problems.values()) or "Không tạo được tài khoản.")
    set_password(db, id, password)
    return id


def set_password(db: Database, user: str, password: str) -> None:
    """Keep the scrypt hash of *password*; sessions begun with the old one end."""
    hashed = generate_password_hash(password, method="scrypt")
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO passwords (user, hash) VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET hash = excluded.hash",
            (user, hashed),
        )


def sign_in(db: Database, name: str, password: str) -> SignedIn | None:
    """Return who has this name and password, None when nobody does; either takes the same time."""
    for id, user in things(db.conn, "user").items():
        if user["name"] == name and not user.get("disabled"):
            row = db.conn.execute("SELECT hash FROM passwords WHERE user = ?", (id,)).fetchone()
            if row and check_password_hash(row[0], password):
                return SignedIn(id, row[0])
            return None
    check_password_hash(_nobody(), password)
    return None


@cache
def _nobody() -> str:
    return generate_password_hash("nobody has this password", method="scrypt")
