"""Charts as SVG made on the server: they print, need no script, and every shape says its figures.

Colours come from the stylesheet's classes (`bar`, `left`, `target`), never from an attribute.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

WIDTH = 640
ROW = 30
THICK = 18
NAMES = 176  # room for the names at the left
WORDS = 164  # room for the figures at the right
LEGEND = 34
HIGH = 190  # of a column that is full


@dataclass(frozen=True)
class Bar:
    """A unit, kind or team in a chart: how many places are open, inspected, and have to be.

    `required` is None where there is no target. `says` is the whole line in words: it is read
    aloud and shown on pointing.
    """

    name: str
    open: int
    inspected: int
    required: int | None
    figures: str
    says: str
    state: str = ""
    href: str = ""

    @property
    def share(self) -> float:
        """The share inspected, of 1; an empty unit has none."""
        return self.inspected / self.open if self.open else 0.0


@dataclass(frozen=True)
class Legend:
    """The words of a chart: what it shows, and what its three marks mean. No target, no mark."""

    title: str
    done: str
    left: str
    target: str = ""


def bars(rows: Sequence[Bar], legend: Legend) -> Markup:
    """Draw a bar a row: the open places, the inspected part of them, a line where the target is met."""
    svg = _sheet(WIDTH, LEGEND + ROW * len(rows) + 6, legend)
    most = max((max(row.open, row.required or 0) for row in rows), default=0) or 1
    for place, row in enumerate(rows):
        _bar(_line_of(svg, row), row, LEGEND + ROW * place, (WIDTH - NAMES - WORDS) / most)
    return _markup(svg)


def _bar(group: Element, row: Bar, top: float, scale: float) -> None:
    middle = top + ROW / 2
    _text(group, NAMES - 10, middle + 5, _short(row.name), anchor="end")
    _box(group, "left", NAMES, middle - THICK / 2, max(row.open * scale, 1), THICK)
    _box(group, "bar", NAMES, middle - THICK / 2, row.inspected * scale, THICK)
    if row.required:
        _upright(group, NAMES + row.required * scale, middle - THICK / 2 - 4, middle + THICK / 2 + 4)
    _text(group, WIDTH - WORDS + 10, middle + 5, row.figures)
    _text(group, WIDTH, middle + 5, row.state, anchor="end", quiet=True)


def columns(rows: Sequence[Bar], legend: Legend, target: int | None) -> Markup:
    """Draw many units as thin columns of their shares, the least first, with one line for the target.

    Units with no open place have no share and no column.
    """
    shown = sorted((row for row in rows if row.open), key=lambda row: row.share)
    wide = 2 * WIDTH
    svg = _sheet(wide, LEGEND + HIGH + 30, legend)
    base = LEGEND + HIGH + 6
    _scale(svg, wide, base)
    step = (wide - 60) / max(len(shown), 1)
    for place, row in enumerate(shown):
        _column(_line_of(svg, row), row, 60 + place * step, step, base)
    if target:
        _level(svg, "target", wide, base - HIGH * target / 100)
    return _markup(svg)


def _column(group: Element, row: Bar, left: float, step: float, base: float) -> None:
    thin = max(step - 1.5, 1)
    _box(group, "left", left, base - HIGH, thin, HIGH)
    _box(group, "bar", left, base - HIGH * row.share, thin, HIGH * row.share)


def _scale(svg: Element, wide: int, base: float) -> None:
    for percent in (0, 50, 100):
        height = base - HIGH * percent / 100
        _text(svg, 50, height + 5, f"{percent} %", anchor="end", quiet=True)
        _level(svg, "axis", wide, height)


def _level(svg: Element, kind: str, wide: int, height: float) -> None:
    SubElement(svg, "line", {**_places(x1=54, x2=wide, y1=height, y2=height), "class": kind})


def _sheet(width: int, height: int, legend: Legend) -> Element:
    svg = Element(
        "svg",
        {"class": "chart", "viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)},
        role="group",
    )
    svg.set("aria-label", legend.title)
    left = 0.0
    marks: tuple[tuple[str, Callable[[float], None]], ...] = (
        (legend.done, lambda x: _box(svg, "bar", x, 6, 16, 14)),
        (legend.left, lambda x: _box(svg, "left", x, 6, 16, 14)),
        (legend.target, lambda x: _upright(svg, x + 8, 3, 23)),
    )
    for words, mark in marks:
        if words:
            mark(left)
            _text(svg, left + 22, 18, words)
            left += 22 + 8 * len(words) + 20
    return svg


def _line_of(svg: Element, row: Bar) -> Element:
    """Return the group of one row: a link where it leads somewhere, with its words as title."""
    group = SubElement(svg, "a", {"href": row.href}) if row.href else SubElement(svg, "g")
    SubElement(group, "title").text = row.says
    return group


def _box(parent: Element, kind: str, x: float, y: float, width: float, height: float) -> None:
    SubElement(parent, "rect", {**_places(x=x, y=y, width=width, height=height), "class": kind})


def _upright(parent: Element, x: float, top: float, bottom: float) -> None:
    SubElement(parent, "line", {**_places(x1=x, x2=x, y1=top, y2=bottom), "class": "target"})


def _text(parent: Element, x: float, y: float, words: str, *, anchor: str = "start", quiet: bool = False) -> None:
    if words:
        looks = {"text-anchor": anchor, "class": "quiet" if quiet else "words"}
        SubElement(parent, "text", {**_places(x=x, y=y), **looks}).text = words


def _places(**where: float) -> dict[str, str]:
    return {name: f"{value:.1f}".removesuffix(".0") for name, value in where.items()}


def _short(name: str, limit: int = 23) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"


def _markup(svg: Element) -> Markup:
    return Markup(tostring(svg, encoding="unicode"))
