"""The command about a newer program: update."""

import click

from field_client import clock
from field_client.cli.common import data_option, fail, one_sentence, opened, say, show
from field_client.settings import Settings
from field_client.store.own import NotEnrolled
from field_client.syncing import connect, explain, program_version
from field_client.updating import getting, installing, offers
from field_client.updating.installing import Home, NotNow
from sync.errors import LineError


@click.command("update")
@data_option
@click.option("--install", "put_in", is_flag=True, help="Cài bản đã tải; có hiệu lực từ lần mở chương trình sau.")
@click.option("--back", "go_back", is_flag=True, help="Về bản trước.")
@one_sentence(NotEnrolled, NotNow)
def update(settings: Settings, as_json: bool, put_in: bool, go_back: bool) -> None:
    """Hỏi máy chủ bản mới của chương trình và tải về máy; chỉ cài khi có --install.

    \b
    Ví dụ:
        doi178-field update --install
    """
    db, home = opened(settings), Home.of()
    if go_back:
        say(f"Lần mở sau chạy bản {installing.back(_needed(home))}.")
        return
    try:
        release = offers.ask(db, connect(db), clock.now())
        if release:
            getting.forget_others(settings.releases, release)
            getting.fetch(settings.releases, release, connect(db))
    except LineError as error:
        fail(explain(error).words)
        return
    if release and put_in:
        installing.install(db.conn, _needed(home), release, getting.archive_of(settings.releases, release))
        say(f"Đã cài bản {release.version}; có hiệu lực từ lần mở chương trình sau.")
    elif release:
        say(f"Đã tải bản {release.version}; cài bằng: doi178-field update --install")
    else:
        say("Đang dùng bản mới nhất.")
    if as_json:
        show({"version": program_version(), "offered": release.version if release else None})


def _needed(home: Home | None) -> Home:
    if home is None:
        raise NotNow("Chương trình không chạy từ thư mục cài đặt; báo văn phòng.")
    return home


COMMANDS = (update,)
