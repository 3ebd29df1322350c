"""Commands about paper: print, blank."""

from pathlib import Path

import click

from field_client import clock
from field_client.cli.common import data_option, fail, one_sentence, opened, say, show
from field_client.places import NotKnown
from field_client.printing import blanks as blank_papers
from field_client.printing import minutes, render
from field_client.settings import Settings

_PDF = click.Path(path_type=Path, dir_okay=False)


@click.command("print")
@click.argument("visit", metavar="CUỘC_KIỂM_TRA")
@click.argument("file", metavar="TỆP.pdf", type=_PDF)
@data_option
@click.option("--revision", default="", metavar="LẦN", help="In lần này; nhap là bản nháp. Mặc định: lần đang dùng.")
@click.option("--annex", is_flag=True, help="Kèm phụ lục cả danh mục nội dung kiểm tra.")
@one_sentence(NotKnown)
def print_minutes(settings: Settings, as_json: bool, visit: str, file: Path, revision: str, annex: bool) -> None:
    """In biên bản của một cuộc kiểm tra ra tệp PDF; bản nháp có chữ BẢN NHÁP trên mọi trang.

    \b
    Ví dụ:
        doi178-field print 018f6d3c-5a10-7c21-9b44-6f0a1d2e3c45 bien-ban.pdf
    """
    paper = minutes.of(opened(settings), settings, visit, minutes.Asked(revision, "1" if annex else ""))
    if paper.trouble:
        say(paper.trouble)
    _write(file, render.pdf(paper.sheets, paper.made_at))
    say(f"Đã in biên bản lần {paper.revision} ra {file}." if paper.revision else f"Đã in bản nháp ra {file}.")
    if as_json:
        show({"file": str(file), "revision": paper.revision, "item": paper.item or None})


@click.command("blank")
@click.argument("file", metavar="TỆP.pdf", type=_PDF)
@click.argument("places", metavar="CƠ_SỞ…", nargs=-1, required=True)
@data_option
@click.option(
    "--paper", "papers", multiple=True, type=click.Choice(blank_papers.BLANKS),
    help="Giấy tờ cần in; mặc định minutes và checklist.",
)  # fmt: skip
@one_sentence(NotKnown)
def blank(settings: Settings, as_json: bool, file: Path, places: tuple[str, ...], papers: tuple[str, ...]) -> None:
    """In mẫu trống đã điền thông tin cơ sở, cho một hoặc nhiều cơ sở, ra một tệp PDF.

    \b
    Ví dụ:
        doi178-field blank toi-nay.pdf KAR-001 MAS-002
    """
    db, now = opened(settings), clock.now()
    today = clock.local_day(clock.best(db.conn, now))
    sheets = blank_papers.of_places(db, places, papers or blank_papers.USUAL, today)
    _write(file, render.pdf(sheets, int(now.timestamp())))
    say(f"Đã in {len(sheets)} giấy tờ ra {file}.")
    if as_json:
        show({"file": str(file), "papers": len(sheets)})


def _write(file: Path, document: bytes) -> None:
    try:
        file.write_bytes(document)
    except OSError as error:
        fail(f"Không ghi được {file}: {error.strerror}; chọn tên tệp hoặc thư mục khác.")


COMMANDS = (print_minutes, blank)
