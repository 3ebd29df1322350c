"""One thing to be done, as the first page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """Something to be done: a sentence, how urgent, and where it is done."""

    text: str
    href: str = ""
    link: str = ""
    urgent: bool = False
    state: str = ""
