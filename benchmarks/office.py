"""Twenty people at the office's pages at once while a laptop pushes: how long the slowest pages take."""

import itertools
import random
import time
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, Office, Workshop, enter_register, fill_outbox, serving
from benchmarks.figure import Figure, percentile, tell
from benchmarks.pages import AT_SERVER, PASSWORD, sign_in
from benchmarks.sizes import COMMUNE, PROVINCE, Size
from benchmarks.syncing import first_sync
from field_client.store import connect, get_meta
from field_client.syncing import DeviceLine
from server.clock import now
from server.people.users import add_user
from server.store import connect as connect_server
from sync.engine import check

FIGURES = ("office_p95",)
PEOPLE, WORKERS = 20, 2
SECONDS = {"L": 60.0, "toy": 1.5}
USUAL = 15.0
THINKS = (0.5, 2.5)  # seconds between a page and the next
PUSHES = 0.5  # seconds between two visits of the laptop
PLACES = 50  # that the laptop knows
PAGES = tuple(figure for figure, path in AT_SERVER.items() if "{" not in path)  # those that are about no one thing
Asked = tuple[str, float]  # a figure's name and how long its page took, in ms


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Let people open pages, each with a pause between, and the laptop send a visit every half second."""
    seconds = SECONDS.get(size.name, USUAL)
    folder = office_with_history(workshop, size)
    _prepare(folder, size)
    with serving(folder, workers=WORKERS) as office:
        laptop = workshop.folder("pushes")
        office.laptop(laptop, COMMUNE).close()
        browsers = [sign_in(office, _name(n)) for n in range(PEOPLE)]
        alone = [asked for _ in range(3) for asked in _walk(office, browsers[0], list(PAGES))]
        tell(f"  {PEOPLE} people, {seconds:.0f} s")
        asked, pushed = _at_work(office, browsers, laptop, seconds)
    by_page = defaultdict(list)
    for page, took in asked:
        by_page[page].append(took)
    worst = max(by_page, key=lambda page: percentile(by_page[page], 95))
    times = [took for _, took in asked]
    note = (
        f"{len(times)} pages in {seconds:.0f} s by {PEOPLE} people, a pause of {THINKS[0]} to {THINKS[1]} s between;"
        f" {pushed} visits pushed meanwhile, all accepted; median {percentile(times, 50):.0f} ms; the slowest page is"
        f" {worst} with {percentile(by_page[worst], 95):.0f} ms at the 95th; {WORKERS} workers; alone: one person"
    )
    simple = {"alone": percentile([took for _, took in alone], 95)}
    yield Figure("office_p95", size.name, percentile(times, 95), "ms", simple, note)


def _prepare(folder: Path, size: Size) -> None:
    """Enter people, and the places that the laptop knows, as an office does."""
    enter_register(folder, replace(size, area=COMMUNE, places=PLACES))
    db = connect_server(folder / "doi178.db")
    for n in range(PEOPLE):
        add_user(db, _name(n), role="coordinator", unit=PROVINCE, password=PASSWORD, author="bench", at=now())
    db.close()


def _name(n: int) -> str:
    return f"dieuphoi{n:02d}"


def _at_work(
    office: Office, browsers: list[requests.Session], laptop: Path, seconds: float
) -> tuple[list[Asked], int]:
    """Return how long each page took, and how many visits were taken in meanwhile."""
    over = Event()
    with ThreadPoolExecutor(len(browsers) + 1) as pool:
        pushing = pool.submit(_push, laptop, int(seconds / PUSHES) + 1, over)
        until = time.monotonic() + seconds
        people = [pool.submit(_work, office, browser, n, until) for n, browser in enumerate(browsers)]
        asked = [one for person in people for one in person.result()]
        over.set()
        return asked, pushing.result()


def _work(office: Office, browser: requests.Session, n: int, until: float) -> list[Asked]:
    """Open page after page as a person does, until the time is over."""
    found: list[Asked] = []
    dice = random.Random(SEED + n)
    pages = list(PAGES)
    dice.shuffle(pages)
    for page in itertools.cycle(pages):
        time.sleep(dice.uniform(*THINKS))
        if time.monotonic() > until:
            return found
        found += _walk(office, browser, [page])
    return found


def _walk(office: Office, browser: requests.Session, pages: list[str]) -> list[Asked]:
    found = []
    for page in pages:
        begun = time.perf_counter()
        answer = browser.get(office.address + AT_SERVER[page], timeout=60, headers={"Connection": "close"})
        found.append((page, (time.perf_counter() - begun) * 1000))
        assert answer.status_code == 200 and "/dang-nhap" not in answer.url, (page, answer.status_code, answer.url)
    return found


def _push(folder: Path, count: int, over: Event) -> int:
    """Send a visit each half second, and make sure that each is accepted."""
    db = connect(folder / "field.db")
    first_sync(db)
    fill_outbox(db, count)
    line = DeviceLine(*(get_meta(db.conn, name) for name in ("address", "fingerprint", "credential")))
    key = Ed25519PublicKey.from_public_bytes(b64decode(get_meta(db.conn, "server_key")))
    sent = 0
    for (item,) in db.conn.execute("SELECT line FROM own ORDER BY local").fetchall():
        if over.wait(PUSHES):
            break
        reply = line.send([bytes(item)])
        check(reply, key)
        assert [receipt.standing for receipt in reply.receipts] == ["accepted"], reply
        sent += 1
    db.close()
    return sent
