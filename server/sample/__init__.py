"""Invented data in the shape of the real: a seeded register with its past visits, for demos, tests and benches."""

from server.sample.making import Made, generate, lines
from server.sample.visits import visits
from server.sample.worst import worst_places

__all__ = ["Made", "generate", "lines", "visits", "worst_places"]
