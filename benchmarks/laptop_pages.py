"""The laptop's pages as its browser gets them, from an encrypted store full of years; its start and its memory."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

import requests

from benchmarks import carrying, starting
from benchmarks.baselines.line import Baselines, baselines
from benchmarks.ends import PASSPHRASE, NotReady, Workshop, memory, office_with_register, process, serving
from benchmarks.figure import Figure, milliseconds_each, timed
from benchmarks.sizes import Size
from field_client.settings import Settings
from field_client.store import connect
from field_client.vault import keys
from server.demo import free_port

PAGES = {
    "page_today": "/",
    "page_list": "/co-so",
    "page_search": "/co-so?tim=dong+do",
    "page_left": "/co-so?chua-kiem-tra=1",
    "page_never": "/co-so?chua-kiem-tra=chua-lan-nao",
    "page_findings": "/co-so?ton-tai=1",
    "page_expired": "/co-so?het-han=1",
    "page_assigned": "/co-so?phan-cong=1",
    "page_on_paper": "/co-so/in",
    "page_new": "/co-so/moi",
    "page_alike": "/co-so/moi/trung?name=dong+do",
    "page_operators": "/chu-co-so/tim?tim=nguyen",
    "page_place": "/co-so/{place}",
    "page_edit": "/co-so/{place}/sua",
    "page_visit": "/cuoc-kiem-tra/{visit}",
    "page_record": "/cuoc-kiem-tra/{draft}",
    "page_files": "/cuoc-kiem-tra/{draft}/tep",
    "page_sending": "/gui-nhan",
    "page_going": "/gui-nhan/tien-do",
    "page_history": "/gui-nhan/cac-lan",
    "page_attention": "/can-xem-lai",
    "page_update": "/cap-nhat",
    "page_verify": "/kiem-chung",
    "page_protection": "/bao-ve",
    "page_blanks": "/mau-trong",
    "page_paper": "/cuoc-kiem-tra/{own}/bien-ban",
    "print": "/cuoc-kiem-tra/{own}/bien-ban/trang-1.svg",
    "print_pdf": "/cuoc-kiem-tra/{own}/bien-ban.pdf",
}
FIGURES = (*PAGES, "page_autosave", "search", "start_laptop", "memory_laptop")
TIMES, WARM_UP, STARTS = 20, 3, 3
TYPED = ("d", "do", "don", "dong", "dong d", "dong do", "nguyen thi", "0912", "le loi", "xyz")
RUN = "import os; del os.environ['DOI178_PASSPHRASE']; from field_client.cli import main; main()"  # a page asks for it


@dataclass(frozen=True)
class Program:
    """The laptop's program, running and unlocked, and a browser that came in through its link."""

    browser: requests.Session
    address: str
    pid: int
    started: float  # seconds to the page that asks for the passphrase
    unlocked: float  # seconds from the passphrase to today's page

    def get(self, path: str) -> bytes:
        """Return a page, which must be the one that was asked for."""
        answer = self.browser.get(self.address + path, timeout=60)
        assert answer.status_code == 200 and answer.url == self.address + path, (answer.status_code, answer.url)
        return answer.content


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Start the program a few times, open each page after warming up, and look at the memory at the end."""
    folder = workshop.folder("laptop")
    with serving(office_with_register(workshop, size)) as office:
        carrying.laptop(office, folder, size)
    asked, derived = _asked(folder)
    starts = [_started(folder) for _ in range(STARTS - 1)]
    with baselines(workshop.folder("baselines")) as simple, running(folder) as program:
        for figure, path in PAGES.items():
            yield _page(figure, size, program, path.format_map(asked), simple)
        yield _autosave(size, program, asked["draft"], simple)
        yield _search(size, program, simple)
        yield _memory(size, program)
        starts.append((program.started, program.unlocked))
    yield _start(size, starts, derived, {"bare": starting.bare(workshop)})


def _asked(folder: Path) -> tuple[dict[str, str], float]:
    """Return the things whose pages are opened, and how long the passphrase alone takes: as long as it is meant to."""
    vault = keys.read(Settings(folder).vault)
    assert vault is not None, "it is encrypted"
    with timed() as clock:
        key = vault.open(PASSPHRASE)
    db = connect(Settings(folder).database, key)
    found = carrying.busiest(db)
    db.close()
    return found, clock.seconds


def _started(folder: Path) -> tuple[float, float]:
    with running(folder) as program:
        return program.started, program.unlocked


@contextmanager
def running(folder: Path) -> Iterator[Program]:
    """Run the laptop's program on *folder* and unlock it, as a person does."""
    command = ("-c", RUN, "run", "--port", str(free_port()), "--no-browser", "--data", str(folder))
    begun = time.perf_counter()
    with process(*command, output=subprocess.PIPE) as started:
        assert started.stderr is not None, "started with a pipe"
        said = started.stderr.readline() + started.stderr.readline()
        link = next((word for word in said.split() if word.startswith("http://")), None)
        if link is None:
            raise NotReady(f"doi178-field run ended with {started.wait()}: {said}")
        browser = requests.Session()
        browser.trust_env = False
        form = browser.get(link, timeout=30)
        ready = time.perf_counter()
        address = link.partition("/mo/")[0]
        _unlock(browser, address, form.text)
        yield Program(browser, address, started.pid, ready - begun, time.perf_counter() - ready)


def _unlock(browser: requests.Session, address: str, form: str) -> None:
    given = {"csrf_token": _token(form), "passphrase": PASSPHRASE, "tiep": "/"}
    answer = browser.post(f"{address}/mo-khoa", data=given, timeout=60)
    assert answer.ok and not answer.url.endswith("/mo-khoa"), answer.text
    browser.get(f"{address}/", timeout=60).raise_for_status()


def _token(page: str) -> str:
    return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]


def _page(figure: str, size: Size, program: Program, path: str, simple: Baselines) -> Figure:
    """Fetch a page, and after each time one that is always the same."""
    pages: list[bytes] = []
    ours, theirs = _side_by_side(lambda: pages.append(program.get(path)), simple)
    note = f"{path.partition('?')[0]}, {len(pages[-1]) // 1024} KB, median of {TIMES}; the slowest {max(ours):.0f} ms"
    return Figure(figure, size.name, median(ours), "ms", {"constant": median(theirs)}, note)


def _side_by_side(act: Callable[[], object], simple: Baselines) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    for n in range(WARM_UP + TIMES):
        found = milliseconds_each(act, 1)
        constant = milliseconds_each(simple.page, 1)
        if n >= WARM_UP:
            ours += found
            theirs += constant
    return ours, theirs


def _autosave(size: Size, program: Program, draft: str, simple: Baselines) -> Figure:
    """Save a field of a draft as its page does while one types."""
    path = f"/cuoc-kiem-tra/{draft}"
    token = _token(program.get(path).decode())
    words = cycle(("Quầy lễ tân", "Quầy lễ tân có bảng giá", "Quầy lễ tân có bảng giá, nội quy"))

    def save() -> None:
        answer = program.browser.post(
            f"{program.address}{path}/luu", json={"fields": {"remark": next(words)}}, timeout=60,
            headers={"X-CSRFToken": token, "Referer": program.address + path},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text

    ours, theirs = _side_by_side(save, simple)
    note = f"one field of a draft, on the disk; median of {TIMES}, the slowest {max(ours):.0f} ms"
    return Figure("page_autosave", size.name, median(ours), "ms", {"constant": median(theirs)}, note)


def _search(size: Size, program: Program, simple: Baselines) -> Figure:
    """Ask for the list as its page does after each key."""
    found, constant = [], []
    for words in 3 * TYPED:
        found += milliseconds_each(partial(program.get, f"/co-so/danh-sach?tim={words.replace(' ', '%20')}"), 1)
        constant += milliseconds_each(simple.page, 1)
    note = f"{size.laptop_places} places, {len(TYPED)} texts as they are typed; the slowest {max(found):.1f} ms"
    return Figure("search", size.name, median(found), "ms", {"constant": median(constant)}, note)


def _memory(size: Size, program: Program) -> Figure:
    peak, present = memory(program.pid)
    note = f"held by the running program after all pages; {peak:.0f} MB at most, when the passphrase was checked"
    return Figure("memory_laptop", size.name, present, "MB", note=note)


def _start(size: Size, found: list[tuple[float, float]], derived: float, beside: dict[str, float]) -> Figure:
    """Tell the time from the start to today's page, without what the passphrase is meant to take."""
    ready, opened = (median(one) for one in zip(*found, strict=True))
    note = (
        f"median of {len(found)}: {ready:.2f} s to the page that asks for the passphrase, {opened:.2f} s from there to"
        f" today's page, less the {derived:.2f} s that a passphrase takes by itself"
    )
    return Figure("start_laptop", size.name, ready + opened - derived, "s", beside, note)
