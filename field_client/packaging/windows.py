"""Put together a Windows folder with a Python of its own, on any machine: from python.org's embeddable archive.

    python -m field_client.packaging.windows python-3.11.9-embed-amd64.zip --out dist

The packages are those of requirements.lock as Windows needs them, each with the hash that is locked.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker

from field_client.packaging.build import HERE, NAME, ROOT, describe, pack
from field_client.syncing import program_version
from field_client.updating.installing import CURRENT
from sync.release import INSIDE

PLATFORM = "windows-amd64"
OURS = ("field_client", "schemas", "sync")
START = '@echo off\r\n"%~dp0python\\python.exe" -m field_client.packaging.entry %*\r\nexit /b %ERRORLEVEL%\r\n'
ON_WINDOWS = {
    "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
    "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
}  # fmt: skip


def needed(lock: str, python: str) -> Iterator[str]:
    """Yield the requirements of *lock*, with their hashes, that a Windows laptop with *python* needs."""
    environment = {**ON_WINDOWS, "python_version": python, "python_full_version": f"{python}.0"}
    for block in re.split(r"\n(?=[\w.-]+==)", re.sub(r"^\s*#.*\n", "", lock, flags=re.MULTILINE)):
        first, _, rest = block.partition(" \\\n")
        pin, _, marker = first.partition(";")
        if pin.strip() and (not marker.strip() or Marker(marker).evaluate(environment)):
            yield f"{pin.strip()} \\\n{rest}".rstrip()


def build(python: Path, out: Path) -> Path:
    """Build into *out* from the embeddable archive *python*, and return the folder to hand out."""
    version = program_version()
    folder = out / "Doi178-windows"
    shutil.rmtree(folder, ignore_errors=True)
    program = folder / "programs" / version
    own = program / "python"
    own.mkdir(parents=True)
    with zipfile.ZipFile(python) as archive:
        archive.extractall(own)
    series = _let_it_see_packages(own)
    _packages(program / "lib", series)
    for package in OURS:
        shutil.copytree(ROOT / package, program / "lib" / package, ignore=shutil.ignore_patterns("__pycache__"))
    _name(program / "lib", version)
    (program / f"{NAME}.cmd").write_bytes(START.encode())
    (program / INSIDE).write_text(json.dumps(describe(version, PLATFORM)), encoding="utf-8")
    (folder / CURRENT).write_text(version + "\n", encoding="utf-8")
    shutil.copy(HERE / "Doi178.cmd", folder)
    pack(program, out / f"{NAME}-{version}-{PLATFORM}.zip")
    return folder


def _let_it_see_packages(own: Path) -> str:
    """Tell the embedded Python where its packages lie, and return its series: 3.11."""
    found = next(own.glob("python3*._pth"), None)
    if found is None:
        raise SystemExit("This archive is no embeddable Python: it has no python3*._pth.")
    found.write_text(f"{found.stem}.zip\n.\n../lib\n", encoding="utf-8")
    digits = found.stem.removeprefix("python")
    return f"{digits[0]}.{digits[1:]}"


def _name(target: Path, version: str) -> None:
    """Leave the program's own name and version where it looks for them."""
    info = target / f"doi178-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: doi178\nVersion: {version}\n", encoding="utf-8")


def _packages(target: Path, series: str) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "windows.txt"
        wanted.write_text("\n".join(needed(lock, series)) + "\n", encoding="utf-8")
        subprocess.run(
            [
                sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), "--no-deps",
                "--only-binary", ":all:", "--platform", "win_amd64", "--python-version", series,
                "--implementation", "cp", "--require-hashes", "--requirement", str(wanted),
            ],
            check=True,
        )  # fmt: skip


def main() -> None:
    """Build from what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    print(build(given.python, given.out.resolve()))


if __name__ == "__main__":
    main()
