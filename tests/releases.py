"""Archives of a program for tests."""

import json
import os
import zipfile
from pathlib import Path

from field_client.packaging.build import describe
from field_client.updating.offers import this_machine
from sync.release import INSIDE


def archive(path: Path, version: str = "9.9.9", **changes: object) -> Path:
    """Write an archive of a program that cannot run, larger than one piece."""
    platform = str(changes.pop("platform", this_machine()))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(INSIDE, json.dumps({**describe(version, platform), **changes}))
        program = zipfile.ZipInfo("doi178-field")
        program.external_attr = 0o755 << 16
        packed.writestr(program, "#!/bin/sh\nexit 0\n")
        packed.writestr("lib/much", os.urandom(9_000_000))
    return path
