"""The server's main pages as a browser gets them."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

import requests
from sqlite_utils import Database

from benchmarks.baselines.line import Baselines, baselines
from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, Office, Workshop, serving
from benchmarks.figure import Figure, milliseconds, milliseconds_each, tell
from benchmarks.invented import Inventor
from benchmarks.sizes import PROVINCE, Size
from schemas.ids import new_id
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.office import Change, edit, make
from server.people.users import add_user
from server.sample import generate, visits
from server.store import connect

AT_SERVER = {
    "page_home": "/",
    "page_coverage": "/ty-le-kiem-tra",
    "page_remaining": "/ty-le-kiem-tra/danh-sach",
    "page_register": "/co-so",
    "page_register_search": "/co-so?tim=dong+do",
    "page_quality": "/co-so/du-lieu-can-ra-soat",
    "page_review": "/can-duyet/cuoc-kiem-tra",
    "page_duties": "/viec-phai-lam",
    "page_board": "/bang-theo-doi",
    "page_due": "/han-bao-cao",
    "page_visit_office": "/cuoc-kiem-tra/{visit}?duyet=1",
}
FIGURES = tuple(AT_SERVER)
PLAIN = {
    "page_review": "SELECT visits.id, place.name, visits.date, visits.team, visits.violations, visits.members, review"
    "  FROM visits JOIN establishments AS place ON place.id = visits.establishment"
    "  LEFT JOIN reviews ON inspection = visits.id"
    " WHERE visits.establishment IN (SELECT establishment FROM placements JOIN things ON kind = 'unit'"
    "        AND id = commune AND json_extract(state, '$.parent') = '38') AND review IS NULL"
    " ORDER BY visits.violations DESC, visits.members < 3 DESC, visits.date DESC, visits.id DESC LIMIT 50",
    "page_visit_office": "SELECT line FROM items WHERE id = ? AND kind = 'inspection' ORDER BY seq",
}
TIMES, WARM_UP = 20, 3
PASSWORD = "mot mat khau dai"
Plain = Callable[[], sqlite3.Cursor] | None


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Open each page after warming up, with a session that was opened as a person opens it."""
    with baselines(workshop.folder("baselines")) as simple, serving(_office(size, workshop)) as office:
        browser = sign_in(office)
        db = connect(office.folder / "doi178.db")
        visit = _visit(db)
        for figure, path in AT_SERVER.items():
            values = (visit,) if "?" in PLAIN.get(figure, "") else ()
            plain = partial(db.conn.execute, PLAIN[figure], values) if figure in PLAIN else None
            yield _page(figure, size, browser, office.address + path.format(visit=visit), simple, plain)
        db.close()


def _visit(db: Database) -> str:
    """Let one whole visit come in at a new place of the province, and return it: a history has rows only."""
    today = local_day(now())
    inventor, place, operator, id = Inventor(SEED, today), new_id(), new_id(), new_id()
    [body] = visits(Random(SEED), [(place, ("karaoke",))], new_id(), first=today, last=today, count=1)
    state = inventor.place("D178-999999", sorted(unit_tree(db.conn).communes(PROVINCE))[0], operator)
    changes = [edit("operator", operator, inventor.operator(), {}), edit("establishment", place, state, {})]
    told = make(db, [*changes, Change("inspection", id, body)], author="bench", at=now())
    assert {one.standing for one in told} == {"accepted"}, told
    return id


def filled(size: Size, workshop: Workshop) -> Path:
    """Return the data of a new server with the sample of a size, or where it has none with years of visits."""
    if size.sample:
        return workshop.office(f"sample-{size.sample}", lambda folder: _generate(folder, size.sample))
    return office_with_history(workshop, size)


def _office(size: Size, workshop: Workshop) -> Path:
    folder = filled(size, workshop)
    db = connect(folder / "doi178.db")
    add_user(db, "dieuphoi", role="coordinator", unit=PROVINCE, password=PASSWORD, author="bench", at=now())
    db.close()
    return folder


def _generate(folder: Path, sample: str) -> None:
    tell(f"  making the sample {sample}")
    db = connect(folder / "doi178.db")
    generate(db, sample, SEED, now())
    db.close()


def sign_in(office: Office, name: str = "dieuphoi") -> requests.Session:
    """Return a browser in which a coordinator has signed in."""
    browser = requests.Session()
    browser.trust_env = False
    form = browser.get(f"{office.address}/dang-nhap", timeout=30).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[0]
    given = {"csrf_token": token, "name": name, "password": PASSWORD}
    answer = browser.post(f"{office.address}/dang-nhap", data=given, timeout=30)
    assert answer.ok and not answer.url.endswith("/dang-nhap"), answer.text
    return browser


def _page(
    figure: str, size: Size, browser: requests.Session, address: str, simple: Baselines, plain: Plain = None
) -> Figure:  # fmt: skip
    """Fetch a page, and after each time one that is always the same; *plain* asks for what it shows, without a page."""
    tell(f"  {address}")
    ours, theirs, pages = [], [], []
    for n in range(WARM_UP + TIMES):
        found = milliseconds_each(lambda: pages.append(_get(browser, address)), 1)
        constant = milliseconds_each(simple.page, 1)
        if n >= WARM_UP:
            ours += found
            theirs += constant
    note = f"{len(pages[-1]) // 1024} KB, median of {TIMES}"
    beside = {"plain": milliseconds(lambda: plain().fetchall(), TIMES)} if plain else {}
    return Figure(figure, size.name, median(ours), "ms", {"constant": median(theirs), **beside}, note)


def _get(browser: requests.Session, address: str) -> bytes:
    answer = browser.get(address, timeout=60)
    assert answer.status_code == 200 and answer.url == address, (answer.status_code, answer.url)
    return answer.content

