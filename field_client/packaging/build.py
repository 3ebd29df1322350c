"""Build the laptop's program for this kind of machine: a folder that runs without Python, and the archive for updates.

    python -m field_client.packaging.build --out dist
"""

import argparse
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import babel

from field_client.syncing import program_version
from field_client.updating.installing import CURRENT
from field_client.updating.offers import this_machine
from schemas.items import SCHEMA
from schemas.versions import BACK
from sync.release import INSIDE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAME = "doi178-field"
LEFT_OUT = ("pip", "setuptools", "server", "tests", "benchmarks", "tkinter", "numpy", "pytest", "playwright", "mypy")
WORDS = ("root", "vi", "en")  # of Babel's 32 MB of locales


def build(out: Path, work: Path) -> Path:
    """Build into *out* and return the folder to hand out; *work* is for what comes between.

    *out* then holds Doi178/ (start file, current.txt, programs/<version>/) and the archive of the version.
    """
    version = program_version()
    folder = out / "Doi178"
    shutil.rmtree(folder, ignore_errors=True)
    program = folder / "programs" / version
    program.parent.mkdir(parents=True)
    shutil.move(_freeze(work), program)
    _describe(program, version)
    furnish(folder, version)
    pack(program, out / f"{NAME}-{version}-{this_machine()}.zip")
    return folder


def furnish(folder: Path, version: str) -> None:
    """Put the start file, the icon and the name of the version that starts into *folder*."""
    (folder / CURRENT).write_text(version + "\n", encoding="utf-8")
    shutil.copy(ROOT / "schemas" / "look" / "mark.svg", folder / "doi178.svg")
    if sys.platform == "win32":
        shutil.copy(HERE / "Doi178.cmd", folder)
        return
    start = folder / "doi178"
    shutil.copy(HERE / "doi178.sh", start)
    start.chmod(0o755)
    shutil.copy(HERE / "doi178.desktop", folder)


def describe(version: str, platform: str) -> dict[str, object]:
    """Return what an archive says of itself (sync/release.py adds its hash and size)."""
    return {"version": version, "platform": platform, "schema": SCHEMA, "reads_from": max(1, SCHEMA - BACK)}


def _describe(program: Path, version: str) -> None:
    (program / INSIDE).write_text(json.dumps(describe(version, this_machine())), encoding="utf-8")


def _freeze(work: Path) -> Path:
    """Let PyInstaller gather Python, the packages and our own files, and return the folder."""
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--onedir", "--name", NAME,
        "--contents-directory", "lib", "--distpath", str(work / "dist"), "--workpath", str(work / "build"),
        "--specpath", str(work), "--paths", str(ROOT), "--copy-metadata", "doi178",
        "--hidden-import", "sqlite3", "--collect-submodules", "field_client", "--collect-submodules", "qrcode.image",
    ]  # fmt: skip
    for package in ("field_client", "schemas", "sync"):
        command += ["--collect-data", package]
    for package in LEFT_OUT:
        command += ["--exclude-module", package]
    subprocess.run([*command, str(HERE / "entry.py")], check=True, cwd=ROOT)
    folder = work / "dist" / NAME
    _leave_locales(folder)
    return folder


def _leave_locales(folder: Path) -> None:
    """Leave out the locales of Babel that nobody here reads."""
    for file in folder.glob("lib/babel/locale-data/*.dat"):
        if file.stem.partition("_")[0] not in WORDS:
            file.unlink()
    if not (folder / "lib/babel/locale-data/vi.dat").exists():  # PyInstaller took none: bring those that are read
        source, target = Path(babel.__file__).parent / "locale-data", folder / "lib/babel/locale-data"
        target.mkdir(parents=True, exist_ok=True)
        for file in source.glob("*.dat"):
            if file.stem.partition("_")[0] in WORDS:
                shutil.copy(file, target)


def pack(program: Path, archive: Path) -> Path:
    """Pack a version's folder as the archive that a server hands out."""
    archive.unlink(missing_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for path in sorted(program.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(program).as_posix())
    return archive


def main() -> None:
    """Build where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "packaging")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    print(build(given.out.resolve(), given.work.resolve()))


if __name__ == "__main__":
    main()
