"""What both ends look like: one stylesheet and the mark, served by each under /look/."""

from importlib.resources import files

FILES = {"doi178.css": "text/css", "mark.svg": "image/svg+xml"}


def read(name: str) -> bytes:
    """Return the bytes of one of FILES."""
    return files(__name__).joinpath(name).read_bytes()
