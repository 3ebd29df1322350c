"""What of a visit's body stands in brief beside its row, so that lists need not read bodies: findings and duties."""

import json
from datetime import datetime
from typing import Any

from schemas.duties import ended_at, reasons
from schemas.findings import Found, Seen, followed_on, found_on


def findings_text(body: dict[str, Any]) -> str:
    """Write down what a visit found and what it says of earlier findings; empty where there is neither."""
    found, followed = found_on(body), followed_on(body)
    return _json([found, followed]) if (found or followed) and body.get("void") is not True else ""


def duties_text(body: dict[str, Any]) -> str:
    """Write down why a visit makes duties and when it ended; empty where it makes none."""
    why, ended = reasons(body), ended_at(body)
    return _json([why, ended.isoformat() if ended else ""]) if why else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_findings(text: str) -> tuple[tuple[Found, ...], tuple[Seen, ...]]:
    """Read what `findings_text` wrote."""
    found, followed = json.loads(text) if text else ([], [])
    return tuple(Found(*one) for one in found), tuple(Seen(*one) for one in followed)


def says_of_earlier(text: str) -> bool:
    """Say whether what `findings_text` wrote says anything of earlier findings, without reading it."""
    return not text.endswith(",[]]")


def read_duties(text: str) -> tuple[tuple[str, ...], datetime | None]:
    """Read what `duties_text` wrote: the reasons, and when the visit ended."""
    why, ended = json.loads(text) if text else ([], "")
    return tuple(why), datetime.fromisoformat(ended) if ended else None
