"""A draft with all that is known around it, read once for a page or an answer to what was typed."""

from dataclasses import dataclass

from field_client import clock, drafts, lease, places, web
from field_client.at_the_door import Known, known
from field_client.drafts import Draft, Fields
from field_client.pages import follow, form, roster
from schemas import visit_rules
from schemas.checklists import ChecklistItem


@dataclass(frozen=True)
class Drafted:
    """What a page shows of a draft: its fields, its place, what is asked, what is known at the door."""

    draft: Draft
    fields: Fields
    place: places.Thing | None
    items: tuple[ChecklistItem, ...]
    known: Known
    follow: tuple[follow.FollowUp, ...]
    hidden: str = ""

    @property
    def attempt(self) -> bool:
        """Whether nothing was inspected."""
        return form.is_attempt(self.fields)

    @property
    def points(self) -> list[visit_rules.Point]:
        """What the rules of a visit point out."""
        around = visit_rules.Known(
            kinds=self.place.kinds(self.draft.day()) if self.place else (),
            clash=bool(self.known.clash),
            expired_cards=self._expired_cards(),
            open_findings=len(self.known.findings),
        )
        return visit_rules.points(drafts.to_inspection(self.draft), around)

    def _expired_cards(self) -> int:
        team = roster.members(web.db(), str(self.fields.get("team") or ""))
        present = {row.get("name") for row in form.rows(self.fields, "members").values()}
        here = [one for one in team.values() if one.get("name") in present]
        return sum(roster.expired(one, self.draft.day()) for one in here)


def read(draft: Draft) -> Drafted:
    """Read what is known around *draft*."""
    db, fields, thing = web.db(), draft.fields, place_of(draft)
    hidden = lease.hidden(db.conn, clock.now())
    door = known(db, thing, draft.day(), but=draft.id, ours=bool(hidden)) if thing else Known()
    rows = tuple(follow.rows(fields, door.findings))
    return Drafted(draft, fields, thing, drafts.checklist(db, draft), door, rows, hidden)


def place_of(draft: Draft) -> places.Thing | None:
    """Return the place of a draft, None when this laptop no longer knows it."""
    try:
        return places.find(web.db(), "establishment", draft.establishment)
    except places.NotKnown:
        return None
