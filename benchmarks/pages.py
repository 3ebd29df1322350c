"""The five main pages as a browser gets them, and the search that follows the keys."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median

import requests

from benchmarks import carrying
from benchmarks.baselines.line import Baselines, baselines
from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, NotReady, Office, Workshop, process, serving
from benchmarks.figure import Figure, milliseconds_each, tell
from benchmarks.sizes import PROVINCE, Size
from field_client import search
from field_client.store import connect as open_laptop
from server.clock import now
from server.demo import free_port
from server.people.users import add_user
from server.sample import generate
from server.store import connect

FIGURES = ("page_home", "page_coverage", "page_remaining", "page_today", "page_search", "search")
AT_SERVER = {"page_home": "/", "page_coverage": "/ty-le-kiem-tra", "page_remaining": "/ty-le-kiem-tra/con-lai"}
AT_LAPTOP = {"page_today": "/", "page_search": "/co-so?tim=dong+do"}
TIMES, WARM_UP = 20, 3
PASSWORD = "mot mat khau dai"
TYPED = ("d", "do", "don", "dong", "dong d", "dong do", "nguyen thi", "0912", "le loi", "xyz")
RUN = "from field_client.cli import main; main()"


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Open each page after warming up, with a session that was opened as a person opens it."""
    folder = workshop.folder("laptop")
    with baselines(workshop.folder("baselines")) as simple:
        with serving(_office(size, workshop)) as office:
            browser = sign_in(office)
            for figure, path in AT_SERVER.items():
                yield _page(figure, size, browser, office.address + path, simple)
            carrying.laptop(office, folder, size).close()
        yield _search(size, folder)
        with laptop_running(folder) as (browser, address):
            for figure, path in AT_LAPTOP.items():
                yield _page(figure, size, browser, address + path, simple)


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


def sign_in(office: Office) -> requests.Session:
    """Return a browser in which the coordinator has signed in."""
    browser = requests.Session()
    browser.trust_env = False
    form = browser.get(f"{office.address}/dang-nhap", timeout=30).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[0]
    given = {"csrf_token": token, "name": "dieuphoi", "password": PASSWORD}
    answer = browser.post(f"{office.address}/dang-nhap", data=given, timeout=30)
    assert answer.ok and not answer.url.endswith("/dang-nhap"), answer.text
    return browser


@contextmanager
def laptop_running(folder: Path) -> Iterator[tuple[requests.Session, str]]:
    """Run the laptop's program on *folder*; yield a browser that came in through its link, and the address."""
    port = str(free_port())
    command = ("-c", RUN, "run", "--port", port, "--no-browser", "--data", str(folder))
    with process(*command, output=subprocess.PIPE) as running:
        assert running.stderr is not None, "started with a pipe"
        links = (word for line in running.stderr for word in line.split() if word.startswith("http://"))
        link = next(links, None)
        if link is None:
            raise NotReady(f"doi178-field run ended with {running.wait()}.")
        browser = requests.Session()
        browser.trust_env = False
        browser.get(link, timeout=30).raise_for_status()
        yield browser, link.partition("/mo/")[0]


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


def _search(size: Size, folder: Path) -> Figure:
    """Ask what the list asks after each key: the rows of its first page, and how many there are."""
    db = open_laptop(folder / "field.db")
    words = cycle(TYPED)

    def ask() -> None:
        asked = search.Asked(text=next(words))
        search.establishments(db, asked, limit=30)
        search.count(db, asked)

    found = milliseconds_each(ask, 5 * len(TYPED))
    db.close()
    note = f"{size.laptop_places} places, {len(TYPED)} texts as they are typed; the slowest {max(found):.1f} ms"
    return Figure("search", size.name, median(found), "ms", note=note)
