"""Earlier findings in the form of a visit: one row each, marked resolved or not, with what was seen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from field_client.drafts import Fields
from field_client.pages import form
from schemas.findings import Finding

_FIELD = re.compile(r"followed\.(\w+)\.(?:resolved|seen)")


@dataclass(frozen=True)
class FollowUp:
    """A row: its key in the draft and the finding that it is about, None where this laptop does not know it."""

    key: str
    inspection: str
    finding: str
    known: Finding | None

    @property
    def name(self) -> str:
        """The name of the field that says whether it is resolved."""
        return f"followed.{self.key}.resolved"


def rows(fields: Fields, findings: Iterable[Finding]) -> list[FollowUp]:
    """Return a row for each open finding, then those of the draft that are no longer known as open."""
    written = {(one.get("inspection"), one.get("finding")): key for key, one in form.rows(fields, "followed").items()}
    found = [
        FollowUp(written.pop((one.inspection, one.key), _key(one)), one.inspection, one.key, one) for one in findings
    ]
    return found + [FollowUp(key, str(visit), str(finding), None) for (visit, finding), key in written.items()]


def _key(finding: Finding) -> str:
    return re.sub(r"\W", "_", f"{finding.inspection}_{finding.key}")


def complete(changed: Fields, fields: Fields, known: Iterable[FollowUp]) -> Fields:
    """Say of which finding each changed row is; a row in which nothing is said any more goes."""
    by_key = {row.key: row for row in known}
    keys = dict.fromkeys(match[1] for name in changed if (match := _FIELD.fullmatch(name)))
    done = {name: value for name, value in changed.items() if not _FIELD.fullmatch(name)}
    for key in keys:
        if key not in by_key:
            continue
        said = {part: _said(f"followed.{key}.{part}", changed, fields) for part in ("resolved", "seen")}
        whole = {"inspection": by_key[key].inspection, "finding": by_key[key].finding, **said}
        done[f"followed.{key}"] = whole if any(said.values()) else None
    return done


def _said(name: str, changed: Fields, fields: Fields) -> str:
    value = changed.get(name, fields.get(name, ""))
    return form.show(name, value)
