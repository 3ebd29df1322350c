"""The places to go: sections, and the pages of each, for who may open them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from server import web
from server.pages.areas import may_here


@dataclass(frozen=True)
class Page:
    """A page that the menu leads to: who may open it, its view, its name; *also*: blueprints of pages under it."""

    act: str
    endpoint: str
    label: Any
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Pages that belong together: the first that a person may open is where the section's name leads."""

    label: Any
    pages: tuple[Page, ...]


SECTIONS = (
    Section(_l("Tổng quan"), (
        Page("home.see", "home.home", _l("Tổng quan")),
        Page("duties.see", "reminders.page", _l("Nhắc việc")),
    )),
    Section(_l("Tỷ lệ KT"), (
        Page("coverage.see", "coverage.page", _l("Tỷ lệ cơ sở được kiểm tra"), ("under",)),
    )),
    Section(_l("Báo cáo"), (
        Page("returns.see", "returns.page", _l("Báo cáo"), ("return_one", "return_files", "return_below")),
        Page("indicators.see", "indicators.page", _l("Chỉ tiêu"), ("indicators", "records")),
        Page("deadlines.see", "due.page", _l("Hạn báo cáo"), ("due_feed",)),
        Page("work.see", "work.page", _l("Việc trong năm"), ("unit_inspections", "list_reviews")),
        Page("indicators.see", "boards.page", _l("Bảng theo dõi")),
    )),
    Section(_l("Cơ sở"), (
        Page("register.see", "register.page", _l("Danh sách cơ sở"),
             ("place", "edit_place", "new_place", "operator_edit")),
        Page("register.import", "imports.page", _l("Nhập từ bảng tính")),
        Page("register.see", "confirming.page", _l("Chốt danh sách")),
        Page("register.see", "quality.page", _l("Dữ liệu cần rà soát")),
        Page("register.edit", "split.page", _l("Xã đã chia")),
        Page("duplicates.decide", "duplicates.page", _l("Có thể trùng cơ sở")),
    )),
    Section(_l("Kiểm tra"), (
        Page("assignments.see", "assignments.page", _l("Phân công")),
        Page("assignments.decide", "planning.page", _l("Danh sách năm")),
        Page("assignments.see", "planning.weights", _l("Trọng số")),
        Page("visits.paper", "review.page", _l("Duyệt cuộc kiểm tra"), ("visits",)),
        Page("duties.see", "duties.page", _l("Việc phải làm")),
        Page("arrivals.decide", "deciding.page", _l("Cần duyệt")),
    )),
    Section(_l("Pháp luật"), (
        Page("decisions.see", "decisions.page", _l("Quyết định xử phạt")),
        Page("law.see", "law.page", _l("Tra cứu tái phạm")),
        Page("law.see", "acts.page", _l("Danh mục hành vi")),
        Page("law.edit", "acts.queue", _l("Hành vi chưa có mã")),
    )),
    Section(_l("Tra cứu"), (
        Page("history.see", "history.find", _l("Tra cứu")),
        Page("history.see", "history.repeated", _l("Cơ sở có tái phạm")),
        Page("requests.answer", "history.requests", _l("Yêu cầu của chủ cơ sở")),
        Page("lookups.see", "history.log", _l("Nhật ký tra cứu")),
    )),
    Section(_l("Tin báo"), (Page("tips.see", "tips.page", _l("Tin báo")),)),
    Section(_l("Quản trị"), (
        Page("teams.manage", "teams.page", _l("Đội kiểm tra")),
        Page("plans.manage", "plans.page", _l("Kế hoạch"), ("plan_parts",)),
        Page("laptops.keep", "laptops.page", _l("Máy tính")),
        Page("laptops.keep", "stick.page", _l("Gói dữ liệu USB")),
        Page("people.manage", "managing.page", _l("Người dùng")),
        Page("lookups.see", "audit.page", _l("Nhật ký")),
        Page("jobs.see", "jobs.page", _l("Việc định kỳ")),
        Page("jobs.see", "retention.page", _l("Thời hạn lưu giữ")),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A place to go as it stands in the menu."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Menu:
    """The sections that a role may open, and the pages of the one that is open; none where it has one page only."""

    sections: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()


def menu(user: Mapping[str, Any]) -> Menu:
    """Return the menu of this request for *user*."""
    mine = list(_of(user))
    here = _here([page for _, pages in mine for page in pages])
    sections = tuple(_link(section.label, pages[0], here in pages) for section, pages in mine)
    open_pages: list[Page] = next((pages for _, pages in mine if here in pages), [])
    inside = tuple(_link(page.label, page, page is here) for page in open_pages)
    return Menu(sections, inside if len(inside) > 1 else ())


def _of(user: Mapping[str, Any]) -> Iterator[tuple[Section, list[Page]]]:
    for section in SECTIONS:
        pages = [page for page in section.pages if may_here(web.tree(), user, page.act)]
        if pages:
            yield section, pages


def _here(pages: list[Page]) -> Page | None:
    """Return the page that is open: the view itself, else the first whose blueprint the view is of."""
    exact = [page for page in pages if page.endpoint == request.endpoint]
    near = [page for page in pages if request.blueprint in (page.endpoint.partition(".")[0], *page.also)]
    return next(iter(exact + near), None)


def _link(label: Any, page: Page, current: bool) -> Link:
    return Link(str(label), url_for(page.endpoint), current)
