"""What is said when the program cannot start and nobody sees a command line: a page in the browser."""

import os
import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Đội 178</title></head>
<body style="font: 18px/1.5 sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em">
<h1>Chưa mở được chương trình Đội 178</h1>
<p><strong>{sentence}</strong></p>
<p>Dữ liệu đã lưu trên máy còn nguyên. Làm như trên rồi mở lại chương trình từ biểu tượng Đội 178.</p>
</body></html>
"""


def from_an_icon(environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether the start file began this program, so that no command line is seen."""
    return environ.get("DOI178_START") == "icon"


def show(sentence: str, opens: Callable[[str], Any] = webbrowser.open) -> Path:
    """Show *sentence* in the browser and return the page: a file, since no program runs that could answer."""
    handle, name = tempfile.mkstemp(prefix="doi178-", suffix=".html")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_PAGE.format(sentence=escape(sentence)))
    opens(Path(name).as_uri())
    return Path(name)
