"""The forms of the catalogue: from what was typed to lines of `apply act` and `apply act_group`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.violations import CatalogueRow
from server.pages.past_days import day, shown

TEXTS = ("code", "alias", "name_vi", "name_en", "additional", "citation", "mark", "household_as", "source")
AMOUNTS = ("ind_min", "ind_max", "org_min", "org_max")
TICKS = ("warning_possible", "effective_from_certain")


def asked_act(given: Mapping[str, str], kinds: list[str], today: date) -> dict[str, Any]:
    """Return the line of `apply act` that a form says."""
    asked: dict[str, Any] = {field: given.get(field, "").strip() for field in TEXTS}
    asked |= {field: _amount(given.get(field, "")) for field in AMOUNTS}
    asked |= {field: given.get(field) == "1" for field in TICKS}
    asked |= {"effective_from": day(given.get("effective_from", ""), today)}
    asked |= {"effective_to": day(given.get("effective_to", ""), today) or None, "kinds": kinds or ["*"]}
    if given.get("row"):
        asked |= {"row": given["row"], "seen": given.get("seen", "")}
    return asked | confirmation(given, today)


def confirmation(given: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return who confirms, and when; both empty: nobody."""
    by, on = given.get("confirmed_by", "").strip(), day(given.get("confirmed_on", ""), today)
    return {"confirmed_by": by, "confirmed_on": on or None}


def _amount(text: str) -> Any:
    plain = text.replace(".", "").replace(" ", "").strip()
    if not plain:
        return None
    return int(plain) if plain.isdecimal() and len(plain) < 15 else text


def filled(row: CatalogueRow) -> dict[str, str]:
    """Return the form of a row as it stands, its confirmation left out: the next version is confirmed anew."""
    given = {field: str(getattr(row, field) or "") for field in TEXTS}
    given |= {field: _dong(getattr(row, field)) for field in AMOUNTS}
    given |= {field: "1" if getattr(row, field) else "" for field in TICKS}
    given |= {field: shown(str(getattr(row, field) or "")) for field in ("effective_from", "effective_to")}
    return given | {"row": row.key}


def _dong(amount: int | None) -> str:
    return "" if amount is None else f"{amount:,}".replace(",", ".")
