"""What both ends look like: one stylesheet, the dark colours beside it, and the mark, served by each under /look/."""

from importlib.resources import files

FILES = {"doi178.css": "text/css", "dark.css": "text/css", "mark.svg": "image/svg+xml"}
# Where the dark colours hold; on paper never. Light has none of them.
DARK_MEDIA = {"": "screen and (prefers-color-scheme: dark)", "dark": "screen", "light": "not all"}


def read(name: str) -> bytes:
    """Return the bytes of one of FILES."""
    return files(__name__).joinpath(name).read_bytes()


def look(asked: str | None) -> str:
    """Return the look that was asked for: light, dark, or empty for what the machine is set to."""
    return asked if asked in DARK_MEDIA and asked else ""
