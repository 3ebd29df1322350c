"""Charts as SVG made on the server: they print, need no script, and every shape says its figures.

Colours come from the stylesheet's classes (`bar`, `left`, `target`), never from an attribute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

WIDTH = 500  # of a chart beside a table
NAMES = 158  # room for the names at the left
WORDS = 168  # room for the figures at the right
ROW = 30
THICK = 18
LEGEND = 34  # height of the words that explain the marks
LETTER = 8  # width of a letter of the legend; the stylesheet prints those of a wide chart larger

WIDE = 1180  # of a chart that has the page to itself
SCALE = 76  # room for the percents at the left
HIGH = 190  # of a column that is full


@dataclass(frozen=True)
class Bar:
    """A unit, kind or team in a chart: how many places are open, inspected, and have to be.

    `required` is None where there is no target. `says` is the whole line in words: it is
    shown on pointing. `figures` and `state` stand beside the bar.
    """

    name: str
    open: int
    inspected: int
    required: int | None
    says: str
    figures: str = ""
    state: str = ""
    href: str = ""

    @property
    def share(self) -> float:
        """The share inspected, of 1; an empty unit has none."""
        return self.inspected / self.open if self.open else 0.0


@dataclass(frozen=True)
class Legend:
    """The words of a chart: what it shows as a whole, and what its three marks mean. No target, no mark."""

    says: str
    done: str
    left: str
    target: str = ""


def bars(rows: Sequence[Bar], legend: Legend) -> Markup:
    """Draw a bar a row: the open places, the inspected part of them, a line where the target is met."""
    svg = _sheet("narrow", WIDTH, LEGEND + ROW * len(rows) + 6, legend)
    most = max((max(row.open, row.required or 0) for row in rows), default=0) or 1
    for place, row in enumerate(rows):
        _bar(_group(svg, row), row, LEGEND + ROW * (place + 0.5), (WIDTH - NAMES - WORDS) / most)
    _explain(svg, legend, letter=LETTER, upright=1)
    return Markup(tostring(svg, encoding="unicode"))


def _bar(group: Element, row: Bar, middle: float, scale: float) -> None:
    top = middle - THICK / 2
    _write(group, _short(row.name), x=NAMES - 10, y=middle + 5, anchor="end")
    _draw(group, "rect", "left", x=NAMES, y=top, width=max(row.open * scale, 1), height=THICK)
    _draw(group, "rect", "bar", x=NAMES, y=top, width=row.inspected * scale, height=THICK)
    if row.required:
        at = NAMES + row.required * scale
        _draw(group, "line", "target", x1=at, x2=at, y1=top - 4, y2=top + THICK + 4)
    _write(group, row.figures, x=WIDTH - WORDS + 10, y=middle + 5)
    _write(group, row.state, x=WIDTH, y=middle + 5, anchor="end", look="quiet")


def columns(rows: Sequence[Bar], legend: Legend, target: int | None) -> Markup:
    """Draw many units as thin columns of their shares, the least first, with one line for the target.

    Units with no open place have no share and no column.
    """
    shown = sorted((row for row in rows if row.open), key=lambda row: row.share)
    svg = _sheet("wide", WIDE, LEGEND + HIGH + 24, legend)
    base = LEGEND + HIGH + 8
    for percent in (0, 50, 100):
        _write(svg, f"{percent} %", x=SCALE - 10, y=base - HIGH * percent / 100 + 5, anchor="end", look="quiet")
        _level(svg, "axis", base - HIGH * percent / 100)
    step = (WIDE - SCALE) / max(len(shown), 1)
    for place, row in enumerate(shown):
        _column(_group(svg, row), row, SCALE + place * step, step, base)
    if target:
        _level(svg, "target", base - HIGH * target / 100)
    _explain(svg, legend, letter=LETTER * 1.5, upright=0)
    return Markup(tostring(svg, encoding="unicode"))


def _column(group: Element, row: Bar, left: float, step: float, base: float) -> None:
    thin, done = max(step - 1.5, 1), HIGH * row.share
    _draw(group, "rect", "left", x=left, y=base - HIGH, width=thin, height=HIGH)
    _draw(group, "rect", "bar", x=left, y=base - done, width=thin, height=done)


def _level(svg: Element, look: str, height: float) -> None:
    _draw(svg, "line", look, x1=SCALE - 6, x2=WIDE, y1=height, y2=height)


def _sheet(look: str, width: int, height: int, legend: Legend) -> Element:
    size = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)}
    return Element("svg", {"class": f"chart {look}", "role": "group", "aria-label": legend.says, **size})


def _explain(svg: Element, legend: Legend, *, letter: float, upright: int) -> None:
    """Write the legend above the chart; the mark of the target lies as its line does: upright 1, level 0."""
    x = 0.0
    for look, words in (("bar", legend.done), ("left", legend.left), ("target", legend.target)):
        if words and look == "target":
            across, down = 8 * (1 - upright), 10 * upright
            _draw(svg, "line", look, x1=x + 8 - across, x2=x + 8 + across, y1=13 - down, y2=13 + down)
        elif words:
            _draw(svg, "rect", look, x=x, y=6, width=16, height=14)
        _write(svg, words, x=x + 22, y=18)
        x += 42 + letter * len(words)


def _group(svg: Element, row: Bar) -> Element:
    """Return the group of one row, with its words as title; a link where it leads somewhere.

    The keyboard passes it by: the table beside the chart has the same links and figures.
    """
    group = SubElement(svg, "a", {"href": row.href, "tabindex": "-1"}) if row.href else SubElement(svg, "g")
    SubElement(group, "title").text = row.says
    return group


def _draw(parent: Element, shape: str, look: str, **where: float) -> None:
    places = {name: f"{value:.1f}".removesuffix(".0") for name, value in where.items()}
    SubElement(parent, shape, {**places, "class": look})


def _write(parent: Element, words: str, *, x: float, y: float, anchor: str = "start", look: str = "words") -> None:
    if words:
        where = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
        SubElement(parent, "text", {**where, "class": look}).text = words


def _short(name: str, limit: int = 21) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"
