"""A line over years as SVG made on the server: it prints, needs no script, and every point says its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from server.charts import LETTER, _draw, _write

WIDTH, HEIGHT = 500, 210
LEFT, RIGHT, TOP, BASE = 48, 22, 46, 182
TOPS = (25, 50, 100)  # percent at the upper edge: the least that holds all points


@dataclass(frozen=True)
class Point:
    """A year of the line: shares of 100, None where there is none, and what each point says in words."""

    name: str
    share: float | None
    says: str
    other: float | None = None
    other_says: str = ""
    target: int | None = None


@dataclass(frozen=True)
class Words:
    """What the chart shows as a whole, and what its marks mean; a mark without a word is not explained."""

    says: str
    line: str
    other: str
    target: str = ""


def line(points: Sequence[Point], words: Words) -> Markup:
    """Draw the shares year by year, a second line beside them, and the target of each year that has one."""
    size = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": str(WIDTH), "height": str(HEIGHT)}
    svg = Element("svg", {"class": "chart narrow", "role": "group", "aria-label": words.says, **size})
    known = [value for point in points for value in (point.share, point.other, point.target) if value is not None]
    top = next(top for top in TOPS if top >= max([*known, 0]) or top == TOPS[-1])
    for percent in (0, top / 2, top):
        _level(svg, percent, top)
    across = [LEFT + 12 + (WIDTH - LEFT - RIGHT - 24) * n / max(len(points) - 1, 1) for n in range(len(points))]
    _targets(svg, points, across, top)
    for look, of in (("line other", "other"), ("line", "share")):
        _one_line(svg, look, [(x, getattr(point, of)) for x, point in zip(across, points, strict=True)], top)
    for x, point in zip(across, points, strict=True):
        _write(svg, point.name, x=x, y=BASE + 20, anchor="middle")
        _point(svg, "dot other", x, point.other, top, point.other_says)
        _point(svg, "dot", x, point.share, top, point.says)
    _explain(svg, words)
    return Markup(tostring(svg, encoding="unicode"))


def _height(percent: float, top: float) -> float:
    return BASE - (BASE - TOP) * min(percent, top) / top


def _level(svg: Element, percent: float, top: float) -> None:
    y = _height(percent, top)
    _draw(svg, "line", "axis", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y)
    _write(svg, f"{percent:g} %".replace(".", ","), x=LEFT - 8, y=y + 5, anchor="end", look="quiet")


def _targets(svg: Element, points: Sequence[Point], across: Sequence[float], top: float) -> None:
    for x, point in zip(across, points, strict=True):
        if point.target is not None:
            y = _height(point.target, top)
            _draw(svg, "line", "target", x1=x - 14, x2=x + 14, y1=y, y2=y)


def _one_line(svg: Element, look: str, found: Sequence[tuple[float, float | None]], top: float) -> None:
    """Draw a line through the years that have a share; a year without one breaks it."""
    path, begun = [], False
    for x, share in found:
        if share is not None:
            path.append(f"{'L' if begun else 'M'}{x:.1f} {_height(share, top):.1f}")
        begun = share is not None
    if len(path) > 1:
        SubElement(svg, "path", {"d": " ".join(path), "class": look})


def _point(svg: Element, look: str, x: float, share: float | None, top: float, says: str) -> None:
    if share is not None:
        group = SubElement(svg, "g")
        SubElement(group, "title").text = says
        _draw(group, "circle", look, cx=x, cy=_height(share, top), r=4.5 if look == "dot" else 3.5)


def _explain(svg: Element, words: Words) -> None:
    x = 0.0
    for look, said in (("line", words.line), ("line other", words.other), ("target", words.target)):
        if said:
            _draw(svg, "line", look, x1=x, x2=x + 22, y1=13, y2=13)
            _write(svg, said, x=x + 28, y=18)
            x += 48 + LETTER * len(said)
