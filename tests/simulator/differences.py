"""How a check says in what two things differ."""

from typing import Any


def same(what: str, held: Any, right: Any) -> None:
    """Raise with the difference unless two dicts or sets are equal."""
    if held == right:
        return
    if isinstance(held, dict):
        keys = [key for key in held.keys() | right.keys() if held.get(key) != right.get(key)]
        parts = [f"{key}: held {held.get(key)} / right {right.get(key)}" for key in sorted(keys, key=str)[:3]]
    else:
        parts = [f"too much {sorted(held - right, key=str)[:3]}", f"missing {sorted(right - held, key=str)[:3]}"]
    raise AssertionError(f"{what}: {'; '.join(parts)}")
