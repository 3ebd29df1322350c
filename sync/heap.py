"""How often Python looks for objects that only hold each other: after every 700 new ones, unless told otherwise."""

import gc


def collect_seldom() -> None:
    """Look seldom, in this process: a batch or page is many thousand objects, and none of them holds itself."""
    gc.set_threshold(50_000, 20, 100)
