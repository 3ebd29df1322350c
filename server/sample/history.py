"""The past of a sample: visits year by year, their corrections, voids and reviews, and decisions on violations."""

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from schemas.units import NEW_MAP_FROM
from server.sample.chance import happens, new_id, some_day
from server.sample.following import MOST, Recent, recent
from server.sample.places import Place
from server.sample.seldom import seldom_at_a_visit, seldom_in_a_decision
from server.sample.shape import Shape, tree
from server.sample.teams import Team
from server.sample.visits import attempt, visit
from server.sample.writer import Writer

CORRECTED, VOIDED, SHORT, ATTEMPTED, REVIEWED, SANCTIONED = 0.02, 0.008, 0.03, 0.06, 0.15, 0.6


class History:
    """Makes the visits of the years, each with the lines that came of it."""

    def __init__(self, rng: Random, writer: Writer, places: list[Place], teams: list[Team]) -> None:
        """Visit *places* by the team of their area."""
        self._district: Team | None = None
        self._rng, self._writer, self._places = rng, writer, places
        self._teams = {team.area: team for team in teams}
        self._numbers = count(1)
        self.recent: deque[Recent] = deque(maxlen=MOST)
        self.crimes: list[tuple[str, date]] = []  # visits with signs of crime, and their days
        self._lately = date.max

    def lines(self, shape: Shape, today: date) -> Iterator[bytes]:
        """Write the visits of all years up to *today*, those of a year commune by commune, as laptops send them."""
        self._district = self._teams.get(shape.district or "")
        self._lately = today - timedelta(days=120)
        for year in range(today.year - shape.years + 1, today.year + 1):
            last = min(today - timedelta(days=1), date(year, 12, 31))
            share = (last - date(year, 1, 1)).days / 364
            chosen = self._chosen(date(year, 1, 1), round(shape.visits * min(share, 1.0)))
            for place in sorted(chosen, key=lambda place: (place.commune, place.id)):
                yield from self._visit(place, some_day(self._rng, max(date(year, 1, 1), place.opened), last))

    def _chosen(self, day: date, wanted: int) -> Iterator[Place]:
        """Choose the places of a year: each once before any comes again, as once a year is the law."""
        end = day.replace(month=12, day=31)
        working = [place for place in self._places if place.open_on(day) or day < place.opened < end]
        while wanted > 0 and working:
            some = self._rng.sample(working, min(wanted, len(working)))
            wanted -= len(some)
            yield from some

    def _visit(self, place: Place, day: date) -> Iterator[bytes]:
        team = self._team(place, day)
        id = new_id(self._rng, day)
        if happens(self._rng, ATTEMPTED) or not place.open_on(day):
            yield self._writer.item("inspection", id, attempt(self._rng, place.id, team.id, team.members[:3], day), day)
            return
        short = happens(self._rng, SHORT)
        members = team.members[: 2 if short else self._rng.randint(3, len(team.members))]
        body = visit(self._rng, place.id, place.kinds, team.id, members, day)
        body["number"] = f"{next(self._numbers)}/BB-KT"
        body |= seldom_at_a_visit(id, body)
        line = self._writer.item("inspection", id, body, day)
        yield line
        if day >= self._lately:
            self.recent.append(recent(id, line, body, day))
        yield from self._what_came_after(place, id, line, body, day)

    def _team(self, place: Place, day: date) -> Team:
        """Return who goes there: the commune's team, or before it was there the district's, where a sample has one."""
        if day < NEW_MAP_FROM and self._district:
            return self._district
        province = tree().ancestors(place.commune)[-1]
        if province in self._teams and happens(self._rng, 0.05):
            return self._teams[province]
        return self._teams[place.commune]

    def _what_came_after(self, place: Place, id: str, line: bytes, body: dict[str, Any], day: date) -> Iterator[bytes]:
        later = day + timedelta(days=self._rng.randint(1, 9))
        if happens(self._rng, CORRECTED):
            changed = body | {
                "revision": 2,
                "informed": body["informed"] + 1,
                "reason": "Ghi lại số người được tuyên truyền",
            }
            yield self._writer.item("inspection", id, changed, later, base=line)
        elif happens(self._rng, VOIDED):
            voided = body | {"revision": 2, "void": True, "reason": "Lập nhầm cơ sở"}
            yield self._writer.item("inspection", id, voided, later, base=line)
            return
        if body.get("crime_signs"):
            self.crimes.append((id, day))
        if happens(self._rng, REVIEWED):
            yield self._review(id, len(body["members"]), later)
        if "violations" in body and happens(self._rng, SANCTIONED):
            yield from self._decision(place, id, body, day)

    def _review(self, id: str, members: int, day: date) -> bytes:
        said, comment = self._rng.choices(
            (("accepted", ""), ("issues", "Bổ sung ảnh giấy phép"), ("rejected", "Không có quyết định kiểm tra")),
            (90, 7, 3),
        )[0]
        if said == "accepted" and members < 3:
            comment = "Một thành viên báo ốm, có giấy xác nhận"
        body = {"inspection": id, "review": said, "comment": comment}
        return self._writer.item("review", new_id(self._rng, day), body, day)

    def _decision(self, place: Place, visit: str, body: dict[str, Any], day: date) -> Iterator[bytes]:
        """Decide on the coded acts of a visit; acts without a code are left to a report."""
        codes = [act["code"] for act in body["violations"] if act.get("code")]
        if not codes:
            return
        decided = day + timedelta(days=self._rng.randint(2, 10))
        fined = happens(self._rng, 0.8)
        ordered = ["main"] if fined else []
        ordered += [part for part, share in (("additional", 0.2), ("remedies", 0.3)) if happens(self._rng, share)]
        unit = tree().get(place.commune)
        state: dict[str, Any] = {
            "number": f"{next(self._numbers)}/QĐ-XPHC-GĐ",
            "authority": f"Chủ tịch Ủy ban nhân dân {unit.name if unit else ''}",
            "operator": place.operator_on(day),
            "establishment": place.id,
            "inspection": visit,
            "committed_on": day.isoformat(),
            "codes": sorted(set(codes)),
            "decided_on": decided.isoformat(),
            "delivered_on": (decided + timedelta(days=2)).isoformat(),
            "sanction": "fine" if fined else "warning",
            "ordered": ordered,
        }
        state |= self._done(ordered, decided)
        state |= seldom_in_a_decision(visit, state)
        yield self._writer.edit("decision", new_id(self._rng, decided), state, decided)

    def _done(self, ordered: list[str], decided: date) -> dict[str, str]:
        """Say of each part when it was done, that it was not, or nothing: not known."""
        done = {}
        for part in ordered:
            on = (decided + timedelta(days=self._rng.randint(3, 60))).isoformat()
            said = self._rng.choices((on, "no", ""), (70, 12, 18))[0]
            if said:
                done[f"{part}_done_on"] = said
        return done
