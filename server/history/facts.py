"""What a place or an operator is today, in words: for the head of its page and of its extract."""

from flask_babel import gettext as _

from schemas import labels
from schemas.register import Form, LicenceType, Status
from server import web
from server.history.operator import HOUSEHOLDS, OperatorFacts, OperatorHistory
from server.history.place import PlaceFacts, PlaceHistory
from server.pages.words import KIND_WORDS, day, number


def status(facts: PlaceFacts) -> str:
    """Say whether a place works."""
    return web.told(labels.STATUS[Status(facts.status)][0]) if facts.status in set(Status) else facts.status


def form(written: str) -> str:
    """Say what legal form an operator has."""
    return web.told(labels.FORMS[Form(written)][0]) if written in set(Form) else written


def licences(facts: PlaceFacts) -> list[tuple[str, str, str]]:
    """Return the papers of a place: what each is, its number and its last day."""
    return [
        (web.told(labels.LICENCES[LicenceType(one["type"])][0]) if one["type"] in set(LicenceType) else one["type"],
         one.get("number") or "", one.get("to") or "")
        for one in facts.licences
    ]  # fmt: skip


def of(found: PlaceHistory | OperatorHistory) -> tuple[tuple[str, str], ...]:
    """Return the facts as names and values."""
    return _of_place(found.facts) if isinstance(found, PlaceHistory) else _of_operator(found.facts)


def _of_place(facts: PlaceFacts) -> tuple[tuple[str, str], ...]:
    return (
        (_("Mã cơ sở"), facts.code),
        (_("Địa chỉ"), facts.address),
        (_("Loại hình"), ", ".join(str(KIND_WORDS.get(kind, kind)) for kind in facts.kinds)),
        (_("Tình trạng hoạt động"), status(facts)),
        (_("Chủ cơ sở"), ", ".join(filter(None, [facts.operator_name, form(facts.operator_form)]))),
        *((label, f"{written} {_('đến ngày %(day)s', day=day(until)) if until else ''}".strip())
          for label, written, until in licences(facts)),
    )  # fmt: skip


def _of_operator(facts: OperatorFacts) -> tuple[tuple[str, str], ...]:
    runs = "; ".join(run.name for run in facts.places if not run.until)
    elsewhere = _("%(count)s cơ sở, không nêu tên", count=number(facts.elsewhere)) if facts.elsewhere else ""
    return (
        (_("Hình thức"), form(facts.form)), (_("Số đăng ký"), facts.registration), (_("Trụ sở"), facts.address),
        (_("Điện thoại"), facts.phone), (_("Cơ sở trong địa bàn"), runs), (_("Cơ sở ngoài địa bàn"), elsewhere),
    )  # fmt: skip


def extra(found: PlaceHistory | OperatorHistory) -> dict[str, object]:
    """Return what the page of a history says in words beside its facts."""
    if isinstance(found, PlaceHistory):
        facts = found.facts
        return {"status": status(facts), "form": form(facts.operator_form), "licences": licences(facts)}
    return {"form": form(found.facts.form), "household": found.facts.form in HOUSEHOLDS}
