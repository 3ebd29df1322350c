"""The command about a code on printed minutes."""

from datetime import datetime

import click

from field_client import clock
from field_client.cli.common import data_option, one_sentence, opened, say, show
from field_client.settings import Settings
from field_client.verification import keys_at, prove
from schemas.minutes_answer import Answer
from schemas.minutes_code import WrongCode

_WORDS = {
    Answer.MATCHES: "Khớp với bản đã chốt.",
    Answer.REPLACED: "Khớp với bản đã chốt, nhưng biên bản này đã được thay hoặc đã hủy.",
    Answer.NOT_RECEIVED: "Mã do máy của đội đã đăng ký ký; máy này chưa nhận được biên bản.",
    Answer.NO_MATCH: "Không khớp với bản đã chốt.",
}
_SHORT = "Mã ngắn không mang chữ ký của máy: kiểm chứng bằng mã trong hình vuông để biết chắc."


@click.command("verify")
@click.argument("code", metavar="MÃ")
@data_option
@one_sentence(WrongCode)
def verify(settings: Settings, as_json: bool, code: str) -> None:
    """Kiểm chứng mã in trên biên bản, không cần mạng; thoát với 1 khi không khớp.

    \b
    Ví dụ:
        doi178-field verify "0123 4567 8901 2345 6789"
    """
    db = opened(settings)
    proof, told = prove(db, settings, code), keys_at(db)
    if as_json:
        show({"answer": proof.answer, "short": proof.short, "inspection": proof.inspection or None,
              "keys_at": told or None})  # fmt: skip
    else:
        click.echo(_WORDS[proof.answer])
        if proof.short and proof.answer is Answer.NO_MATCH:
            click.echo(_SHORT)
    say(_age(told))
    if proof.answer is Answer.NO_MATCH:
        raise SystemExit(1)


def _age(told: str) -> str:
    if not told:
        return "Chưa nhận khóa của các máy khác lần nào; nhận về bằng: doi178-field sync"
    moment = datetime.fromisoformat(told).astimezone(clock.VIETNAM)
    return f"Khóa của các máy nhận về lúc {moment:%H:%M ngày %d/%m/%Y}."


COMMANDS = (verify,)
