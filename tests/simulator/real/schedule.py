"""The same schedules with real processes: a server under its command, laptops' programs, a cutting proxy, kill -9."""

import random
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from field_client.enrolment import enrol
from field_client.syncing import BOTH, Half, Outcome, Trouble
from server.door.enrol import invite
from sync.errors import LineError
from tests.simulator import engine, pulled
from tests.simulator.drawing import AREAS, body_of, place_of
from tests.simulator.ends import CentralEnd, LaptopEnd
from tests.simulator.line import SimLine, Weather
from tests.simulator.real import processes
from tests.simulator.real.cutter import Cutter

STEPS = 30


def _now() -> datetime:
    return datetime.now(UTC)


class RealLaptop(LaptopEnd):
    """A laptop whose program is a process; what a person types goes into its store from here."""

    cutter: Cutter

    def enrols(self, central: CentralEnd, unit: str) -> None:
        """Enrol over the proxy, with a fresh code each time; tried until it lets it through."""
        address = f"http://127.0.0.1:{self.cutter.port}"
        weather, said = self.cutter.weather, ""
        for attempt in range(20):
            self.cutter.weather = weather if attempt < 2 else 0.0
            code = invite(central.db, central.keys, unit=unit, team=None, address=address, at=_now()).code.text()
            try:
                told = enrol(self.db, self.folder / "device.key", code, at=_now(), name=self.name)
            except (LineError, ValueError) as error:
                said = repr(error)
                continue
            finally:
                self.cutter.weather = weather
            self.line.device, self.area = told.device, told.area
            return
        raise AssertionError(f"{self.name} was never let in: {said}")

    def program(self, halves: frozenset[Half], dies_after: float | None) -> Outcome | None:
        """Run the program's sync; None when it was killed on the way."""
        told = self.folder / "outcome.json"
        told.unlink(missing_ok=True)
        arguments = (self.folder / "field.db", halves, told)
        if not processes.run_killed_after(processes.sync, arguments, dies_after):
            return None
        return processes.read_outcome(told)


class RealSchedule(engine.Schedule):
    """One world in processes, and the dice that drive it; what meets what in time is not the same a second time."""

    again = " REAL=1"

    def __init__(self, dice: random.Random, templates: Path, folder: Path, most: int = 4, length: int = STEPS) -> None:
        super().__init__(dice, templates, folder, most, length)
        self.weather = Weather(bad=dice.choice((0.1, 0.3, 0.5)), dies=dice.choice((0.1, 0.3)))
        self.server = processes.Server(folder / "server", workers=dice.choice((1, 1, 3)))
        self.cutter = Cutter(self.server.port, random.Random(dice.random()))
        self.deep = 1  # the office changes things between the steps, and not within them

    def go(self) -> None:
        """Run all steps over a running server."""
        self.server.start()
        self.cutter.start()
        super().go()

    def now(self) -> datetime:
        """Return the true time: the processes know no other."""
        self.at = _now()
        return self.at

    def new_laptop(self, area: str) -> LaptopEnd:
        """Enrol another laptop for *area*."""
        name = f"laptop {len(self.laptops) + 1}"
        shutil.copytree(self.templates / "laptop", self.folder / name)
        line = SimLine(self.central, self.dice, Weather(), self.now)  # only for what the steps ask of a line
        laptop = RealLaptop(name, self.folder / name, line, self.now, area)
        laptop.cutter = self.cutter
        self.laptops.append(laptop)
        laptop.enrols(self.central, area)
        return laptop

    def _begin(self) -> None:
        super()._begin()
        for _ in range(self.dice.randrange(3)):
            self.new_laptop(self.dice.choice(AREAS))

    def _step(self) -> None:
        self.cutter.weather = self.weather.bad
        if self.laptops and self.dice.random() < 0.06:
            self._records_until_killed(self.dice.choice(self.laptops))
        super()._step()

    def _pass_time(self) -> None:
        self.now()

    def sync(self, laptop: LaptopEnd, halves: frozenset[Half] = BOTH) -> Outcome | None:
        """Sync in a process of its own; it or the server may be killed at any moment of it."""
        assert isinstance(laptop, RealLaptop)
        calm = not self.weather.bad
        dies_after = None if self.dice.random() >= self.weather.dies else self.dice.uniform(0.0, 0.25)
        timer = None
        if self.dice.random() < self.weather.dies / 3:
            timer = self.server.kill_after(self.dice.uniform(0.0, 0.25))
        outcome = laptop.program(halves, dies_after)
        if timer:
            timer.join()
            self.server.start()
            self.count("server killed")
        self.count(f"sync {'killed' if outcome is None else outcome.trouble.value or 'through'}")
        if outcome is not None:
            self.counted.update({f"standing {key}": count for key, count in outcome.standings.items()})
            self._judge(laptop, outcome, calm=calm, halves=halves)
        return outcome

    def _judge(self, laptop: LaptopEnd, outcome: Outcome, *, calm: bool, halves: frozenset[Half]) -> None:
        self.trail[-1] += f" → {outcome.trouble.value or 'through'} {dict(outcome.standings)}"
        fine = outcome.trouble in {Trouble.NONE, Trouble.LOCKED}
        assert fine or (not calm and outcome.words), f"{laptop.name}: {outcome.trouble}: {outcome.words}"
        if calm and Half.GET in halves and not outcome.trouble:  # else what is under way may still arrive
            pulled.after_a_pull(self.central, laptop)

    def _records_until_killed(self, laptop: LaptopEnd) -> None:
        """Kill a laptop's program while somebody finishes visits: what it said is kept, is."""
        place = place_of(self, laptop)
        if not place:
            return
        said = laptop.folder / "said.txt"
        said.unlink(missing_ok=True)
        body = body_of(self, place) | {"outcome": "no_violation"}
        body.pop("violations", None)
        arguments = (laptop.folder / "field.db", body, said, self.dice.randrange(1 << 30))
        processes.run_killed_after(processes.record_until_killed, arguments, self.dice.uniform(0.05, 0.4))
        self.count("killed while recording")
        names = said.read_text().split("\n")[:-1] if said.exists() else []
        known = {row[0] for row in laptop.all("SELECT name FROM own")}
        assert known.issuperset(names), f"{laptop.name}: said to be kept, and is not"
        self.counted["kept by word"] += len(names)

    def _settle(self) -> None:
        self.cutter.weather = 0.0
        self.server.kill()  # whatever still ran in it ends here
        self.server.start()
        super()._settle()

    def close(self) -> None:
        """Stop the server, and take everything away."""
        self.counted["connections hurt"] += self.cutter.hurt
        self.server.kill()
        self.cutter.stop()
        super().close()


def run_real(seed: int, templates: Path, folder: Path, **shape: Any) -> Counter[str]:
    """Run the schedule of *seed* with real processes, or raise Broken."""
    return engine.run_seed(seed, templates, folder, world=RealSchedule, **shape)
