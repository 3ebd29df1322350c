"""The server's main pages as a browser gets them."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import requests

from benchmarks.baselines.line import Baselines, baselines
from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, Office, Workshop, serving
from benchmarks.figure import Figure, milliseconds_each, tell
from benchmarks.sizes import PROVINCE, Size
from server.clock import now
from server.people.users import add_user
from server.sample import generate
from server.store import connect

AT_SERVER = {
    "page_home": "/",
    "page_coverage": "/ty-le-kiem-tra",
    "page_remaining": "/ty-le-kiem-tra/danh-sach",
    "page_register": "/co-so",
    "page_register_search": "/co-so?tim=dong+do",
    "page_quality": "/co-so/du-lieu-can-ra-soat",
}
FIGURES = tuple(AT_SERVER)
TIMES, WARM_UP = 20, 3
PASSWORD = "mot mat khau dai"


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Open each page after warming up, with a session that was opened as a person opens it."""
    with baselines(workshop.folder("baselines")) as simple, serving(_office(size, workshop)) as office:
        browser = sign_in(office)
        for figure, path in AT_SERVER.items():
            yield _page(figure, size, browser, office.address + path, simple)


def _office(size: Size, workshop: Workshop) -> Path:
    if size.sample:
        folder = workshop.office(f"sample-{size.sample}", lambda folder: _generate(folder, size.sample))
    else:
        folder = office_with_history(workshop, size)
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


def _page(figure: str, size: Size, browser: requests.Session, address: str, simple: Baselines) -> Figure:
    """Fetch a page, and after each time one that is always the same."""
    tell(f"  {address}")
    ours, theirs, pages = [], [], []
    for n in range(WARM_UP + TIMES):
        found = milliseconds_each(lambda: pages.append(_get(browser, address)), 1)
        constant = milliseconds_each(simple.page, 1)
        if n >= WARM_UP:
            ours += found
            theirs += constant
    note = f"{len(pages[-1]) // 1024} KB, median of {TIMES}"
    return Figure(figure, size.name, median(ours), "ms", {"constant": median(theirs)}, note)


def _get(browser: requests.Session, address: str) -> bytes:
    answer = browser.get(address, timeout=60)
    assert answer.status_code == 200 and answer.url == address, (answer.status_code, answer.url)
    return answer.content

