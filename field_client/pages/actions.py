"""What the small buttons of the form do to a draft: one more line, one line less, the rest of the checklist."""

from collections.abc import Callable
from typing import NamedTuple

from field_client import drafts, rounds, web
from field_client.drafts import Draft, Fields
from field_client.pages import form
from schemas.checklists import Answer
from schemas.ids import new_id
from schemas.privacy import covered


class Done(NamedTuple):
    """The changes, the field to go on with, and the items that were answered in one stroke, to take that back."""

    changes: Fields
    focus: str = ""
    rest: str = ""


NOTHING = Done({})


def act(verb: str, key: str, draft: Draft) -> Done:
    """Return what the button *verb* changes; an unknown one changes nothing."""
    todo = ACTIONS.get(verb)
    return todo(key, draft) if todo else NOTHING


def _add_member(key: str, draft: Draft) -> Done:
    row = form.next_row(draft.fields, "members")
    return Done({f"members.{row}": {"name": "", "agency": "", "role": "", "card": ""}}, f"members.{row}.name")


def _drop_member(key: str, draft: Draft) -> Done:
    return Done({f"members.{key}": None}, "add-member")


def _add_violation(code: str, draft: Draft) -> Done:
    """Add the act of the catalogue's *code*, or an uncoded one; an act that is there already is gone on with."""
    for row, there in form.rows(draft.fields, "violations").items():
        if code and there.get("code") == code:
            return Done({}, f"violations.{row}.facts")
    row = form.next_row(draft.fields, "violations")
    violation = {"id": new_id(), "code": code, "text": "", "facts": "", "committed_on": draft.fields.get("date", "")}
    return Done({f"violations.{row}": violation}, f"violations.{row}.{'facts' if code else 'text'}")


def _drop_violation(key: str, draft: Draft) -> Done:
    return Done({f"violations.{key}": None}, "act-search")


def _rest_pass(key: str, draft: Draft) -> Done:
    """Answer “Đạt” wherever nothing was answered; what is only advised is left for a person to answer."""
    items = drafts.checklist(web.db(), draft)
    left = [item.code for item in items if not item.advisory and not draft.fields.get(f"answers.{item.code}")]
    return Done({f"answers.{code}": Answer.PASS.value for code in left}, "rest-pass", ".".join(left))


def rest_of(said: str, draft: Draft) -> str:
    """Return which of the items that were answered in one stroke still stand as they were answered."""
    fields = draft.fields
    return ".".join(code for code in said.split(".") if fields.get(f"answers.{code}") == Answer.PASS)


def _take_back(key: str, draft: Draft) -> Done:
    """Take back what “Còn lại: Đạt” answered, where nobody has changed it since."""
    codes = rest_of(key, draft)
    return Done({f"answers.{code}": None for code in codes.split(".") if code}, "rest-pass")


def _cover(name: str, draft: Draft) -> Done:
    """Cover what looks like data about a person in one field."""
    text = draft.fields.get(name)
    return Done({name: covered(text)}, name) if isinstance(text, str) else NOTHING


def _to_attempt(key: str, draft: Draft) -> Done:
    return Done({"outcome": form.ATTEMPT}, "outcome")


def _to_visit(key: str, draft: Draft) -> Done:
    return Done({"outcome": ""}, "date") if form.is_attempt(draft.fields) else NOTHING


def _from_round(key: str, draft: Draft) -> Done:
    """Take over tonight's decision and members, in place of what stands there."""
    outing = rounds.current(web.db())
    if outing is None:
        return NOTHING
    given = {"round": outing.id, "team": outing.team, "decision": outing.decision, "members": outing.rows()}
    return Done(given, "add-member")


def at_the_start(draft: Draft, team: str, *, attempt: bool) -> Fields:
    """Return what a draft begins with: the team, tonight's outing if it began after the draft, and its kind."""
    fields = draft.fields
    changed: Fields = {} if fields.get("team") else {"team": team}
    if not form.rows(fields, "members"):
        changed |= _from_round("", draft).changes
    if form.is_attempt(fields) is not attempt:
        changed["outcome"] = form.ATTEMPT if attempt else ""
    return changed


ACTIONS: dict[str, Callable[[str, Draft], Done]] = {
    "add-member": _add_member,
    "drop-member": _drop_member,
    "add-violation": _add_violation,
    "drop-violation": _drop_violation,
    "from-round": _from_round,
    "rest-pass": _rest_pass,
    "rest-back": _take_back,
    "cover": _cover,
    "to-attempt": _to_attempt,
    "to-visit": _to_visit,
}
