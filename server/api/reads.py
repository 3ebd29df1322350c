"""The decorator `read`: a function, what may be asked of it, how it answers, and who may call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from schemas.fields import messages
from schemas.units import UnitTree
from server import tokens, web
from server.access import knock, may
from server.api.caller import Caller
from server.api.questions import NO_UNIT, InArea, NoQuestion, Question
from server.clock import now
from server.pages.areas import inside
from server.problems import InvalidInput, NotAllowed, Problem
from server.rights import RIGHTS

bp = Blueprint("api", __name__, url_prefix="/api/v1")
Asked = dict[str, Any]
Answering = Callable[[Caller, Asked], Any]


@dataclass(frozen=True)
class Read:
    """One read as it was registered."""

    name: str  # of the operation; the endpoint is api.NAME
    path: str  # below /api/v1, as Flask writes it
    act: str
    says: str
    question: type[Question]
    answer: type[Schema]
    example: Mapping[str, Any]
    instead_of: tuple[str, ...]  # endpoints of the pages that show the same
    problems: tuple[type[Problem], ...]  # beside those that every read may answer
    function: Answering

    @property
    def paths(self) -> tuple[str, ...]:
        """The names that stand in the path."""
        return tuple(part.strip("<>").rpartition(":")[2] for part in self.path.split("/") if part.startswith("<"))


READS: dict[str, Read] = {}


def read(
    path: str, act: str, *, says: str, answer: type[Schema], example: Mapping[str, Any],
    question: type[Question] = NoQuestion, instead_of: tuple[str, ...] = (), problems: tuple[type[Problem], ...] = (),
) -> Callable[[Answering], Answering]:  # fmt: skip
    """Make a function answer GET /api/v1*path* to those who may do *act* (or a mark of server/access.py).

    The function gets the Caller and what was asked (the words of *question*, and those of the path),
    and returns what *answer* dumps.
    """

    def register(function: Answering) -> Answering:
        one = Read(
            function.__name__, path, act, says, question, answer, example, instead_of, problems, function
        )
        if one.name in READS:
            raise ValueError(f"two reads are called {one.name}")
        READS[one.name] = one
        bp.add_url_rule(path, endpoint=one.name, view_func=_view(one), methods=["GET"])
        return function

    return register


def _view(one: Read) -> Callable[..., Response]:
    question, answer = one.question(), one.answer()

    def view(**path: str) -> Response:
        caller = calling()
        asked = _asked(question, caller)
        if caller.token:
            tokens.note_read(caller.db, g.user, one.name, caller.at)
        return jsonify(answer.dump(one.function(caller, asked | path)))

    view.takes_tokens = True  # type: ignore[attr-defined]
    return (may if one.act in RIGHTS else knock)(one.act)(view)


def calling() -> Caller:
    """Return who this request is from; of nobody, where the read is for everybody, all but the moment is empty."""
    id, name, role, unit, token = ((g.user or {}).get(key, "") for key in ("id", "name", "role", "unit", "token"))
    return Caller(web.db(), web.tree(), id, name, role, unit, now(), token)


def _asked(question: Question, caller: Caller) -> Asked:
    try:
        asked = question.read(request.args.items(multi=True))
    except ValidationError as error:
        raise _invalid(messages(error)) from None
    for word, field in question.fields.items():
        if isinstance(field, InArea):
            asked[word] = _in_area(caller.tree, caller.area, asked[word], word)
    return asked


def _in_area(tree: UnitTree, area: str, unit: str | None, word: str) -> str:
    if tree.get(area) is None:
        raise NotAllowed(_("Tài khoản này chưa có địa bàn; hỏi người quản trị."))
    if unit is None or unit == area:
        return area
    if tree.get(unit) is None:
        raise _invalid({word: NO_UNIT})
    if not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def _invalid(errors: dict[str, str]) -> InvalidInput:
    return InvalidInput(next(iter(errors.values()), "Yêu cầu không đúng."), errors=errors)
