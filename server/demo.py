"""`make demo`: a server and a laptop with invented data, as real processes that talk over real HTTP."""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from schemas.labels import STANDINGS
from server.clock import local_day, now

PASSWORD = "doi178-demo"
PASSPHRASE = "doi178 dung thu"  # of the laptop's encrypted data
USERS = {"dieuphoi": ("coordinator", "điều phối"), "congan": ("police", "công an"), "quantri": ("admin", "quản trị")}
DISTRICT, COMMUNE = "397", "15664"  # Triệu Sơn: the old district, and the new commune of that name
PROVINCE = "38"


class Demo:
    """Where the demo's server and laptop live, and the commands on them."""

    def __init__(self, folder: Path) -> None:
        """Use *folder*, which is empty; nothing outside it is touched."""
        self.server, self.laptop = folder / "may-chu", folder / "may-tinh"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def at_server(self, *arguments: str, text: str = "") -> str:
        """Run doi178-server to its end and return what it printed; its failure ends the demo."""
        return _run("server.cli", *arguments, "--data", str(self.server), text=text)

    def at_laptop(self, *arguments: str, text: str = "") -> str:
        """Run doi178-field to its end and return what it printed; its failure ends the demo."""
        return _run("field_client.cli", *arguments, "--data", str(self.laptop), text=text, passphrase=PASSPHRASE)

    def prepare(self) -> None:
        """Make the server with its invented data and users."""
        say("Tạo máy chủ với số liệu giả định …")
        self.at_server("init", "--sample", "demo", "--seed", "178")
        for name, (role, _) in USERS.items():
            self.at_server("user", "add", name, "--role", role, "--area", PROVINCE, "--password", PASSWORD, "--demo")

    def bring_in_laptop(self) -> None:
        """Enrol the laptop of the commune's team and let it fetch its copy."""
        say("Đăng ký máy tính của đội, nhận dữ liệu về …")
        code = json.loads(
            self.at_server("enrol", "--area", COMMUNE, "--team", self._team(), "--address", self.address, "--json")
        )["code"]
        self.at_laptop("enrol", code)
        self.at_laptop("sync")

    def _team(self) -> str:
        teams = [
            row
            for row in map(json.loads, self.at_server("export").splitlines())
            if row["kind"] == "team" and row["body"]["area"] == COMMUNE
        ]
        return str(teams[0]["id"])

    def coverage(self) -> dict[str, Any]:
        """Return the share inspected this year in the laptop's commune."""
        today = local_day(now())
        year, as_of = str(today.year), today.isoformat()
        answer = self.at_server("coverage", "--year", year, "--as-of", as_of, "--unit", COMMUNE, "--json")
        return dict(json.loads(answer)["total"])

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Run the server for the block."""
        with started("server.cli", "run", "--port", str(self.port), "--data", str(self.server)):
            wait_for(f"{self.address}/healthz")
            yield


def _run(module: str, *arguments: str, text: str = "", passphrase: str = "") -> str:
    done = subprocess.run(
        command(module, *arguments), input=text, capture_output=True, text=True, check=False,
        env=os.environ | {"DOI178_PASSPHRASE": passphrase},
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{module} {' '.join(arguments[:2])}: {done.stderr.strip()}")
    return done.stdout


def command(module: str, *arguments: str) -> list[str]:
    """Return the command line that runs *module*'s main with this very Python."""
    return [sys.executable, "-c", f"from {module} import main; main()", *arguments]


@contextmanager
def started(module: str, *arguments: str, output: Any = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    """Run *module* in a process of its own for the block, and stop it as Ctrl-C would."""
    process = subprocess.Popen(
        command(module, *arguments), stdout=output, stderr=output, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, seconds: float = 30) -> None:
    """Return when *address* answers, or end the demo when it does not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{address} không trả lời sau {seconds:.0f} giây.")


def once(demo: Demo) -> None:
    """Walk through the main job without a browser, and end."""
    demo.prepare()
    with demo.serving():
        demo.bring_in_laptop()
    before = demo.coverage()
    tell("Trước", before)
    say("Cắt mạng. Ghi một cuộc kiểm tra trên máy tính …")
    form = demo.at_laptop("record", "--template", _place(demo))
    recorded = json.loads(demo.at_laptop("record", "-", "--json", text=form))
    waiting = json.loads(demo.at_laptop("status", "--json"))["waiting"]
    say(f"  {recorded['id']}: chờ gửi. Còn {waiting} hồ sơ chờ gửi.")
    say("Nối mạng lại. Gửi …")
    with demo.serving():
        demo.at_laptop("sync")
    receipt = next(
        r for r in json.loads(demo.at_laptop("status", "--json"))["receipts"] if r["id"] == recorded["id"]
    )
    say(f"  {STANDINGS[receipt['standing']][0]}, mã tiếp nhận {receipt['seq']}.")
    after = demo.coverage()
    tell("Sau", after)
    demo.at_server("verify")
    if after["inspected"] != before["inspected"] + 1:
        sys.exit("Tỷ lệ cơ sở được kiểm tra không tăng thêm một cơ sở.")


def _place(demo: Demo) -> str:
    year = str(local_day(now()).year)
    places = json.loads(
        demo.at_laptop("establishments", "--unit", COMMUNE, "--not-inspected", year, "--json")
    )
    return str(next(place["id"] for place in places if place["status"] == "open"))


def tell(when: str, total: dict[str, Any]) -> None:
    """Say the share inspected in one line."""
    share = "–" if total["share"] is None else f"{total['share']:.1f} %".replace(".", ",")
    say(f"  {when}: {total['inspected']}/{total['open']} cơ sở ({share}) được kiểm tra năm nay.")


def stay(demo: Demo) -> None:
    """Start both, say where they are, and wait for Ctrl-C."""
    demo.prepare()
    with ExitStack() as open_ends:
        open_ends.enter_context(demo.serving())
        demo.bring_in_laptop()
        port = free_port()
        laptop = open_ends.enter_context(
            started(
                "field_client.cli", "run", "--no-browser", "--port", str(port), "--data", str(demo.laptop),
                output=subprocess.PIPE,
            )
        )  # fmt: skip
        link = _link(laptop)
        say("")
        say(f"Máy tính của đội:  {link}")
        say(f"   mật khẩu mở khóa: {PASSPHRASE}")
        say(f"Máy chủ:           {demo.address}/")
        for name, (_, called) in USERS.items():
            say(f"   đăng nhập: {name} / {PASSWORD}   ({called})")
        say("Số liệu giả định. Ctrl-C để dừng; mọi thứ của bản thử được xóa khi dừng.")
        laptop.wait()


def _link(laptop: subprocess.Popen[str]) -> str:
    """Return the address that opens the laptop's pages, which the program says when it is ready."""
    said = laptop.stderr if laptop.stderr else laptop.stdout
    assert said is not None, "started with a pipe"
    for line in said:
        found = [word for word in line.split() if word.startswith("http://")]
        if found:
            return found[0]
    sys.exit("Chương trình trên máy tính không khởi động được.")


def say(text: str) -> None:
    """Say something to the person who watches."""
    print(text, flush=True)


def main() -> None:
    """Run the demo in a folder of its own, which goes with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="walk through the main job and end")
    arguments = parser.parse_args()
    for name in ("DOI178_DATA", "DOI178_PASSPHRASE", "DOI178_PLAIN_STORE"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it would be ignored
    folder = Path(tempfile.mkdtemp(prefix="doi178-demo-"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        (once if arguments.once else stay)(Demo(folder))
    except KeyboardInterrupt:
        say("\nĐã dừng.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
