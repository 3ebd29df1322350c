"""A schedule: one server and some laptops, driven through steps that a seed draws, and checked after every pull."""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import schemas.ids
import schemas.items
import server.arrivals.acting as acting
import server.arrivals.feed as feed
import sync.engine
from field_client.syncing import BOTH, Half, Outcome, Trouble
from schemas.ids import new_id
from server.clock import local_day
from server.office import Change, edit, make
from tests.simulator import at_the_office, ended, pulled, steps
from tests.simulator.ends import CentralEnd, LaptopEnd
from tests.simulator.fragile import Killed
from tests.simulator.line import SimLine, Weather
from tests.simulator.templates import AT, HERE, PROVINCE, THERE

STEPS = 70


class Broken(AssertionError):
    """A seed that found something; its text ends with the line that runs it again."""


def run_seed(
    seed: int, templates: Path, folder: Path, world: "type[Schedule] | None" = None, **shape: Any
) -> Counter[str]:
    """Run the schedule of *seed* in *folder* and return what happened in it, or raise Broken."""
    with _drawn_from(seed) as dice:
        run = (world or Schedule)(dice, templates, folder, **shape)
        try:
            run.go()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            trail = "\n".join(run.trail[-12:])
            said = f"{type(error).__name__}: {error}"
            again = f"make soak FROM={seed} SEEDS=1{run.again}"
            raise Broken(f"{said}\n{trail}\nseed {seed}: {again}") from error
        finally:
            run.close()
        return run.counted


@contextmanager
def _drawn_from(seed: int) -> Iterator[random.Random]:
    """Draw ids, salts and page lengths from *seed*, so that it gives the same schedule every time."""
    dice, ids = random.Random(seed), random.Random(-seed - 1)
    ticks = iter(range(1_790_000_000_000_000_000, 9_000_000_000_000_000_000, 1_000_000))
    fake_os = SimpleNamespace(urandom=ids.randbytes)
    with (
        patch.object(schemas.ids, "os", fake_os),
        patch.object(schemas.ids, "time", SimpleNamespace(time_ns=lambda: next(ticks))),
        patch.object(schemas.items, "os", fake_os),
        patch.object(feed, "PAGE_THINGS", dice.choice((2, 7, 50, 2000))),
        patch.object(acting.log, "disabled", True),  # slips are meant
        patch.object(sync.engine, "BATCH_BYTES", dice.choice((1500, 6000, 4_000_000))),
    ):
        yield dice


class Schedule:
    """One world, and the dice that drive it."""

    again = ""  # what else the line says that runs a seed again

    def __init__(self, dice: random.Random, templates: Path, folder: Path, most: int = 4, length: int = STEPS) -> None:
        self.dice, self.templates, self.folder, self.most, self.length = dice, templates, folder, most, length
        self.at: datetime = AT
        self.central = CentralEnd(templates / "server", folder / "server")
        self.weather = Weather(
            bad=dice.choice((0.0, 0.15, 0.4)), dies=dice.choice((0.0, 0.1, 0.3)), slips=dice.choice((0.0, 0.1, 0.2))
        )
        self.laptops: list[LaptopEnd] = []
        self.places: list[str] = []
        self.operators: list[str] = []
        self.teams: list[str] = []
        self.counted: Counter[str] = Counter()
        self.trail: list[str] = []
        self.office_holes = 0
        self.deep = 0

    # What steps use.

    def now(self) -> datetime:
        """Return the true time."""
        return self.at

    def today(self) -> date:
        """Return the true day in Vietnam."""
        return local_day(self.at)

    def count(self, what: str) -> None:
        """Count what happened."""
        self.counted[what] += 1

    def office(self, *changes: Change) -> None:
        """Change something at the office."""
        for receipt in make(self.central.db, changes, author="test", at=self.at):
            self.count(f"office {receipt.standing}")

    def new_laptop(self, area: str) -> LaptopEnd:
        """Enrol another laptop for *area*."""
        name = f"laptop {len(self.laptops) + 1}"
        shutil.copytree(self.templates / "laptop", self.folder / name)
        line = SimLine(self.central, self.dice, self.weather, self.now)
        line.meanwhile = self._meanwhile
        laptop = LaptopEnd(name, self.folder / name, line, self.now, area)
        self.laptops.append(laptop)
        self.central.conn.left = None  # a server that dies before it has made a code is asked again: steps enrol on
        laptop.enrols(self.central, area)
        return laptop

    def sync(self, laptop: LaptopEnd, halves: frozenset[Half] = BOTH) -> Outcome | None:
        """Sync, and check what must hold after it."""
        if self.dice.random() < self.weather.dies:
            laptop.conn.left = self.dice.randrange(50)
        restored = self.counted["server restored"]
        outcome = laptop.sync(halves)
        self.count(f"sync {'killed' if outcome is None else outcome.trouble.value or 'through'}")
        self.counted.update(f"line {fate}" for fate in laptop.line.hurt)
        if outcome is None:
            return None
        self.trail[-1] += f" → {outcome.trouble.value or 'through'} {dict(outcome.standings)} {laptop.line.hurt}"
        self.counted.update({f"standing {key}": count for key, count in outcome.standings.items()})
        if outcome.trouble is Trouble.NONE and Half.GET in halves:
            pulled.after_a_pull(self.central, laptop)
        locked = outcome.trouble is Trouble.LOCKED
        # A server that comes back in the middle of a sync does not know a laptop that enrolled after its copy.
        forgot = outcome.trouble is Trouble.UNKNOWN and self.counted["server restored"] > restored
        why = f"{laptop.name}: {outcome.trouble}: {outcome.words}"
        assert not outcome.trouble or locked or forgot or laptop.line.hurt, why
        return outcome

    # How it goes.

    def go(self) -> None:
        """Run all steps, then let everything settle, and check the end."""
        self._begin()
        for _ in range(self.length):
            self._step()
        self._settle()
        ended.at_the_end(self)

    def _begin(self) -> None:
        for _ in range(2):
            at_the_office.office_operator(self)
        self.teams.append(new_id())
        team = {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"}
        self.office(edit("team", self.teams[0], team, {}))
        for _ in range(4):
            at_the_office.office_place(self)
        self.trail.append("begin")
        for area in (HERE, self.dice.choice((HERE, THERE, PROVINCE))):
            self.sync(self.new_laptop(area))

    def _step(self) -> None:
        self._pass_time()
        if self.dice.random() < 0.25:
            self._do(*self._draw(steps.AT_THE_OFFICE))
        else:
            laptop = self.dice.choice(self.laptops)
            self._do(*self._draw(steps.AT_A_LAPTOP), laptop)

    def _pass_time(self) -> None:
        self.at += timedelta(minutes=self.dice.choice((1, 10, 300)))

    def _draw(self, table: Any) -> tuple[Any]:
        names, weights = zip(*table, strict=True)
        return (self.dice.choices(names, weights)[0],)

    def _do(self, step: Any, laptop: LaptopEnd | None = None) -> None:
        self.trail.append(f"{step.__name__} {laptop.name if laptop else ''}")
        self.count(step.__name__)
        dying = self.dice.random() < self.weather.dies / 2
        if dying and laptop and step not in steps.SYNCS:
            laptop.conn.left = self.dice.randrange(20)
        elif dying:
            self.central.conn.left = self.dice.randrange(60)
        try:
            step(self, laptop) if laptop else step(self)
        except steps.REFUSED as refused:
            self.count(f"{step.__name__} refused")
            self.trail[-1] += f" refused: {refused}"
        except Killed:
            self.trail[-1] += " killed"
            self.count("killed")
            self._start_again(laptop)
        finally:
            self.central.conn.left = None
            if laptop:
                laptop.conn.left = None
        for one in self.laptops:
            one.remember()

    def _start_again(self, laptop: LaptopEnd | None) -> None:
        self.central.reopen()
        if laptop:
            laptop.reopen()

    def _meanwhile(self) -> None:
        """Between two requests of one sync the world goes on."""
        if self.deep or self.dice.random() > 0.15:
            return
        self.deep += 1
        step = self._draw(steps.AT_THE_OFFICE)[0]
        self.trail.append(f"  meanwhile {step.__name__}")
        try:
            step(self)
        except Killed:
            self.central.reopen()
        self.deep -= 1

    def _settle(self) -> None:
        """Reconnect every line and sync until nothing moves."""
        self.weather.bad = self.weather.dies = self.weather.slips = 0.0
        self.deep = 1  # the world stands still
        for laptop in self.laptops:
            laptop.offset = timedelta()
            while laptop.line.late:
                laptop.line.receive(laptop.line.late.pop())
            laptop.enrols(self.central, laptop.area)
        for _ in range(6):
            self.trail.append("settle")
            outcomes = [self.sync(laptop) for laptop in self.laptops]
            if not any(outcome.sent or outcome.received for outcome in outcomes if outcome):
                return
        raise AssertionError("the laptops never came to rest")

    def close(self) -> None:
        """Close every store, and take the folder away."""
        for laptop in self.laptops:
            laptop.db.close()
        self.central.db.close()
        feed.unit_tree.__globals__["_trees"].clear()
        shutil.rmtree(self.folder, ignore_errors=True)


def run_many(seeds: range, templates: Path, folder: Path, **shape: Any) -> tuple[Counter[str], list[str]]:
    """Run many seeds and return what happened in all of them, and what those that broke say."""
    counted: Counter[str] = Counter()
    broken: list[str] = []
    for seed in seeds:
        began = time.monotonic()
        try:
            counted += run_seed(seed, templates, folder / f"seed-{seed}-{os.getpid()}", **shape)
        except Broken as error:
            broken.append(str(error))
        counted["milliseconds"] += round((time.monotonic() - began) * 1000)
    return counted, broken
