"""Finds everything that a page may say: what goes through gettext, and the plain Vietnamese of the library.

A sentence with values in it is kept as its template: an f-string's values become blanks in braces, named after
what stands there. What only the command line says is left out: it stays Vietnamese.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from operator import itemgetter
from pathlib import Path

from babel.messages.extract import extract

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "sync", "field_client", "server")
VIETNAMESE = re.compile("(?![×÷])[à-ỹÀ-ỸđĐ]")
GETTEXT = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
# Said on the command line, printed to be signed, or not said at all: how names are spelt, what a column may be
# called, invented data.
SILENT = re.compile(
    r"(field_client|server)/(cli/|running\.py|settings\.py)|server/(sample/|imports/|demo\.py|setup\.py)"
    r"|server/returns/(sentences/|(sheets|paper|blanks|days)\.py)|server/work/(sentences|minutes)\.py|server/due/(calendar|letter)\.py"
    r"|server/recovery/(again|backup|restore|lost)\.py|sync/room\.py|schemas/(text|privacy_patterns|blanks|return_blanks|faces|paper_words)\.py"
    r"|field_client/printing/(blanks|fill|place_facts|revision_facts|visit_facts)\.py"
    r"|server/documents/(laid|model|tabled|words|xlsx)\.py"
)
EXAMPLE = re.compile(r"_?(EXAMPLE\w*|\w+_EXAMPLE)")  # of the API's document: data, not words of ours
NO_SENTENCE = re.compile(r"^<!doctype|\\[dswb]|\(\?|\[[A-Za-z]-|^[\W\d]*$|^\w+(\|\w+)+|^[aăâbcdđ]{5}")


@dataclass
class Said:
    """One message, where it stands, and its English where the code says it beside it."""

    places: set[str] = field(default_factory=set)
    english: str = ""
    gettext: bool = False


def everything_said() -> dict[str, Said]:
    """Return every message of code and templates under its Vietnamese text, by the files that say it."""
    found: dict[str, Said] = {}
    for place, text, english, by_gettext in filter(itemgetter(1), _all()):
        one = found.setdefault(text, Said())
        one.places.add(place)
        one.english = one.english or english
        one.gettext |= by_gettext
    return found


def _all() -> Iterator[tuple[str, str, str, bool]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not SILENT.match(name):
                yield from ((name, *one) for one in of_module(path.read_text(encoding="utf-8"), name))
        for path in sorted((ROOT / package).glob("templates/**/*.html")):
            name = path.relative_to(ROOT).as_posix()
            yield from ((name, text, "", True) for text in of_template(path.read_bytes()))


def of_template(content: bytes) -> Iterator[str]:
    """Yield what a page's template says through gettext."""
    for _line, text, _comments, _context in extract("jinja2.ext:babel_extract", BytesIO(content), GETTEXT):
        yield text if isinstance(text, str) else text[0]


def of_module(source: str, name: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield what a module says: the text, its English if that stands beside it, whether it goes through gettext."""
    reader = _Reader(name)
    reader.visit(ast.parse(source))
    yield from reader.found


class _Reader(ast.NodeVisitor):
    def __init__(self, name: str) -> None:
        self.found: list[tuple[str, str, bool]] = []
        self.labels = name.endswith("labels.py")

    def visit_Expr(self, node: ast.Expr) -> None:
        if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):  # a docstring is not said
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(isinstance(target, ast.Name) and EXAMPLE.fullmatch(target.id) for target in node.targets):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        first = node.args[0] if node.args else None
        if isinstance(node.func, ast.Name) and node.func.id in GETTEXT and _text(first) is not None:
            self.found.append((_text(first) or "", "", True))
            for part in [*node.args[1:], *(keyword.value for keyword in node.keywords)]:
                self.visit(part)
            return
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg == "label" and isinstance(node.value, ast.Tuple):
            self._pair(node.value)
        elif node.arg != "example":
            self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        texts = [_text(part) for part in node.elts]
        if len(texts) == 2 and all(texts):
            known = VIETNAMESE.search(texts[0] or "") and not VIETNAMESE.search(texts[1] or "")
            if self.labels or (known and not NO_SENTENCE.search(texts[1] or "") and (texts[1] or "")[:1].isupper()):
                self._pair(node)
                return
        self.generic_visit(node)

    def _pair(self, node: ast.Tuple) -> None:
        vietnamese, english = (_text(part) or "" for part in node.elts)
        self.found.append((vietnamese, english, False))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._sentence(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._sentence(_template(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _sentence(self, text: str) -> None:
        if VIETNAMESE.search(text) and not NO_SENTENCE.search(text):
            self.found.append((text, "", False))


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _template(node: ast.JoinedStr) -> str:
    """Return an f-string with named blanks where its values stand."""
    said, names = "", []
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            names.append(_blank(ast.unparse(part.value), names))
            said += f"{{{names[-1]}}}"
    return said


def _blank(expression: str, taken: list[str]) -> str:
    words = re.findall(r"[A-Za-z]\w*", re.sub(r"'[^']*'|\"[^\"]*\"|\bif .*", "", expression)) or ["value"]
    name = words[-1]
    return next(one for one in (name, *(f"{name}{n}" for n in range(2, 9))) if one not in taken)
