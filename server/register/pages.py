"""The list of the register: searched, narrowed, in pages, on paper and as a file."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.labels import STATUS
from schemas.register import Kind, Status
from schemas.units import epoch_on
from server import web
from server.access import may
from server.clock import local_day, now
from server.pages.areas import is_commune, name, offered, whole_communes
from server.pages.asking import labelled, my_area
from server.pages.lists import lists_of
from server.pages.pages import Pages
from server.pages.words import KIND_WORDS
from server.problems import NotFound
from server.register.asking import NEVER, THIS_YEAR, Asked, Found, Row, find, rows
from server.register.reach import unit_asked
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("register", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
STATUS_WORDS = {status.value: _l(words[0]) for status, words in STATUS.items()}


@dataclass(frozen=True)
class Query:
    """What the address asks for, as it stands there."""

    unit: str
    text: str = ""
    kinds: tuple[str, ...] = ()
    status: str = ""
    left: str = ""
    expired: bool = False
    findings: bool = False

    @classmethod
    def read(cls) -> "Query":
        """Read the address; what makes no sense asks for nothing, a unit elsewhere is refused."""
        given = request.args
        status, left = given.get("tinh-trang", ""), given.get("kiem-tra", "")
        return cls(
            unit_asked(),
            " ".join(given.get("tim", "")[:200].split()),
            tuple(kind for kind in Kind if kind in given.getlist("loai-hinh")),
            status if status in set(Status) else "",
            left if left in {THIS_YEAR, NEVER} else "",
            expired=given.get("het-han") == "1",
            findings=given.get("ton-tai") == "1",
        )

    def parts(self, **other: object) -> dict[str, Any]:
        """Return the query of the same list, with *other* put in."""
        parts: dict[str, Any] = {
            "tim": self.text, "don-vi": "" if self.unit == my_area() else self.unit, "loai-hinh": list(self.kinds),
            "tinh-trang": self.status, "kiem-tra": self.left, "het-han": "1" if self.expired else "",
            "ton-tai": "1" if self.findings else "", **other,
        }  # fmt: skip
        return {key: value for key, value in parts.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for but a unit."""
        return replace(self, unit="") != Query("")

    def asked(self, today: date) -> Asked:
        """Return the same as the list asks it."""
        communes = tuple(whole_communes(web.tree(), self.unit))
        kinds = tuple(str(kind) for kind in self.kinds)
        return Asked(communes, today, self.text, kinds, self.status, self.left, self.expired, self.findings)

    def words(self, year: int) -> list[str]:
        """Say what is asked for, for the head of a printed list and of a file."""
        said: list[Any] = [_("Tìm: “%(words)s”", words=self.text)] if self.text else []
        said += [KIND_WORDS[kind] for kind in self.kinds]
        said += [STATUS_WORDS[self.status]] if self.status else []
        said += [_("Chưa kiểm tra năm %(year)s", year=str(year))] if self.left == THIS_YEAR else []
        said += [_("Chưa có lần kiểm tra nào")] if self.left == NEVER else []
        said += [_("Có giấy tờ hết hạn")] if self.expired else []
        said += [_("Có tồn tại chưa khắc phục")] if self.findings else []
        return [str(one) for one in said]


@bp.get("/co-so")
@may("register.see")
def page() -> str:
    """Show the list, a page at a time, or all of it to be printed."""
    query, pages = Query.read(), Pages.read(request.args.get("trang", ""))
    found, shown = _found(query, pages.offset, pages.limit)
    tree, today = web.tree(), local_day(now())
    lists = lists_of(web.db().conn, tree, query.unit, year=today.year, in_force=epoch_on(today))
    return render_template(
        "register.html", query=query, rows=shown, near=found.near, pages=pages.of(len(found.ids)), lists=lists,
        units=labelled(offered(tree, my_area(), query.unit)), unit_name=name(tree, query.unit), year=today.year,
        said=query.words(today.year), STATUS=STATUS_WORDS, commune_names=commune_names, today=today.isoformat(),
        one_commune=is_commune(tree, query.unit), THIS_YEAR=THIS_YEAR, NEVER=NEVER,
    )  # fmt: skip


def _found(query: Query, offset: int, limit: int | None) -> tuple[Found, list[Row]]:
    today = local_day(now())
    with reading(web.db()) as conn:
        found = find(conn, query.asked(today))
        end = None if limit is None else offset + limit
        return found, rows(conn, found.ids[offset:end], today)


def commune_names(keys: tuple[str, ...]) -> str:
    """Name the present communes in which a place stands, or may stand."""
    return _(" hoặc ").join(name(web.tree(), key) for key in keys)


@bp.get("/co-so.<ending>")
@may("register.see")
def file(ending: str) -> Response:
    """Answer the whole list as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    query, today = Query.read(), local_day(now())
    _all, shown = _found(query, 0, None)
    facts = [(_("Địa bàn"), name(web.tree(), query.unit)), (_("Lập ngày"), f"{today:%d/%m/%Y}")]
    facts += [(_("Bộ lọc"), "; ".join(query.words(today.year)))] if query.narrowed else []
    cells = [_cells(row) for row in shown]
    return FILES[ending](Table("co-so", _("Danh sách cơ sở"), [str(one) for one in HEADINGS], cells, facts))


HEADINGS = (
    _l("Mã cơ sở"), _l("Tên cơ sở"), _l("Loại hình"), _l("Xã"), _l("Địa chỉ"), _l("Điện thoại"), _l("Chủ cơ sở"),
    _l("Tình trạng hoạt động"), _l("Kiểm tra lần gần nhất"), _l("Giấy tờ hết hạn từ ngày"),
)  # fmt: skip


def _cells(row: Row) -> list[Any]:
    kinds = ", ".join(str(KIND_WORDS[kind]) for kind in row.kinds)
    days = [date.fromisoformat(day) if day else None for day in (row.last_visit, row.expires_on)]
    return [row.code, row.name, kinds, commune_names(row.communes), row.address, row.phone, row.operator_name,
            str(STATUS_WORDS.get(row.status, "")), *days]  # fmt: skip
