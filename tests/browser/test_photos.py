"""Photos in a real browser: dropped, covered by mouse and by keys before they are kept, and nowhere uncovered."""

import io
import json
import resource
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from field_client import drafts
from field_client.store import blobs, connect, draft_files
from tests.browser.axe import faults, is_wider_than_the_window
from tests.browser.laptop import Program, focused
from tests.field_client.pages.furnish import DONG_DO, furnish
from tests.pictures import jpeg, pdf, picture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_ON_DISK = 2_000_000  # bytes of any one file that the program may write, in the tests that send a larger photo


class Held(Program):
    """The program, unable to write a long file: a photo that went through a temporary file would fail."""

    def start(self) -> str:
        """Start, and return the link that opens it."""
        link = super().start()
        assert self.process
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (MOST_ON_DISK, MOST_ON_DISK))
        return link


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Held]:
    """The program on a furnished laptop, not started yet."""
    running = Held(furnish(tmp_path / "máy của đội"))
    yield running
    running.kill()


@pytest.fixture
def draft(program: Held, page: Page) -> str:
    """A draft, open in the browser."""
    db = connect(program.settings.database, program.key)
    id = drafts.start(db, DONG_DO, at=datetime.now(UTC))
    db.close()
    link = program.start()
    page.goto(link)
    page.goto(f"{link.partition('/mo/')[0]}/cuoc-kiem-tra/{id}")
    return id


def kept(program: Held, draft: str) -> list[draft_files.DraftFile]:
    """Return the files of a draft."""
    db = connect(program.settings.database, program.key)
    try:
        return draft_files.of_draft(db.conn, draft)
    finally:
        db.close()


def seen(program: Held, one: draft_files.DraftFile) -> Image.Image:
    """Return what is kept of a photo, as a person sees it."""
    db = connect(program.settings.database, program.key)
    content = blobs.read(blobs.drawer(db), one.sha256)
    db.close()
    with Image.open(io.BytesIO(content)) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")


def on_disk(program: Held) -> bytes:
    """Return all that the program has written."""
    return b"".join(path.read_bytes() for path in program.settings.data.rglob("*") if path.is_file())


def drop(page: Page, *files: tuple[str, str, bytes]) -> None:
    """Drop files on the page, as a hand does."""
    given = [[name, kind, b64encode(content).decode()] for name, kind, content in files]
    page.wait_for_load_state("load")  # before that nobody on the page catches what is dropped
    page.evaluate(
        """(files) => {
          const carried = new DataTransfer();
          for (const [name, type, packed] of files) {
            const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
            carried.items.add(new File([bytes], name, { type }));
          }
          const said = { dataTransfer: carried, bubbles: true, cancelable: true };
          for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, said));
        }""",
        given,
    )
    expect(page.locator("#editor")).to_be_visible()


def where_it_was(content: bytes) -> bytes:
    """Return the bytes of a photo that say where it was taken: long enough not to turn up in a cipher by chance."""
    begins = content.index(b"Exif")
    return content[begins : begins + 40]


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_large_photo_that_is_dropped_and_covered_by_mouse_is_nowhere_uncovered(page, program, draft):
    content = jpeg(where=True, at_least=MOST_ON_DISK + 500_000)
    drop(page, ("nguoi.jpg", "image/jpeg", content))
    frame = page.locator("#editor-canvas").bounding_box()
    page.mouse.move(frame["x"] + 2, frame["y"] + 2)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] + 20, frame["y"] + frame["height"] + 20, steps=4)
    page.mouse.up()

    page.click("#editor-keep")
    expect(page.locator(".thumb img")).to_have_count(1)

    (one,) = kept(program, draft)
    points = seen(program, one).resize((40, 40), Image.Resampling.NEAREST).crop((2, 2, 38, 38))
    darkest, lightest = points.convert("L").getextrema()
    assert lightest - darkest < 60
    written = on_disk(program)
    assert where_it_was(content) not in written
    assert not any(content[at : at + 64] in written for at in range(2000, len(content), 100_000))


def test_a_photo_is_turned_and_covered_with_the_keyboard_alone(page, program, draft):
    image = picture(width=64, height=48)
    drop(page, ("cua.png", "image/png", png(image)))
    assert focused(page) == "editor-keep"

    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Cửa chính")
    page.locator("#editor-right").focus()
    page.keyboard.press("Enter")
    page.locator("#editor-cover").focus()
    page.keyboard.press("Enter")
    for key, times in (("ArrowLeft", 60), ("ArrowUp", 60), ("Shift+ArrowRight", 90), ("Shift+ArrowDown", 30)):
        for _ in range(times):
            page.keyboard.press(key)
    expect(page.locator("#editor-where")).to_contain_text("cách trái 0 %")
    page.locator("#editor-caption").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".thumb img")).to_have_count(1)

    (one,) = kept(program, draft)
    found = seen(program, one)
    assert one.caption == "Cửa chính"
    assert found.size == (48, 64)
    assert len(found.crop((0, 0, 48, 32)).getcolors(10_000)) == 2
    assert found.crop((0, 33, 48, 64)).tobytes() == image.rotate(-90, expand=True).crop((0, 33, 48, 64)).tobytes()


def test_the_editor_and_the_list_can_be_listened_to_and_fit_a_small_window(page, program, draft):
    drop(page, ("cua.png", "image/png", png(picture(width=640, height=480))))
    page.click("#editor-cover")

    assert faults(page) == []
    page.set_viewport_size({"width": 640, "height": 360})
    assert not is_wider_than_the_window(page)
    page.locator("#editor-keep").scroll_into_view_if_needed()
    page.click("#editor-keep")
    expect(page.locator(".thumb img")).to_have_count(1)
    assert faults(page) == []


def test_several_files_are_looked_at_one_by_one_and_what_cannot_be_kept_says_why(page, program, draft):
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
    page.set_input_files("#file-chooser", [
        {"name": "a.png", "mimeType": "image/png", "buffer": png(picture())},
        {"name": "anh.heic", "mimeType": "image/heic", "buffer": heic},
        {"name": "khong-lay.png", "mimeType": "image/png", "buffer": png(picture(7))},
        {"name": "to.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ])  # fmt: skip

    expect(page.locator("#editor-nth")).to_have_text("Tệp 1 trên 4")
    page.keyboard.press("Enter")
    expect(page.locator("#editor-nth")).to_have_text("Tệp 3 trên 4")
    page.keyboard.press("Escape")
    expect(page.locator("#editor-nth")).to_have_text("Tệp 4 trên 4")
    expect(page.locator("#editor-paper")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".thumb")).to_have_count(2)

    expect(page.locator("#file-errors")).to_contain_text("anh.heic: Ảnh dạng HEIC")
    assert [one.type for one in kept(program, draft)] == ["image/png", "application/pdf"]
    assert [one.role for one in kept(program, draft)] == ["photo", "scan"]


def test_a_picture_in_the_clipboard_is_pasted(page, program, draft):
    page.evaluate(
        """(packed) => {
          const carried = new DataTransfer();
          const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
          carried.items.add(new File([bytes], "image.png", { type: "image/png" }));
          const said = { clipboardData: carried, bubbles: true, cancelable: true };
          document.dispatchEvent(new ClipboardEvent("paste", said));
        }""",
        b64encode(png(picture())).decode(),
    )
    expect(page.locator("#editor")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.locator(".thumb img")).to_have_count(1)


def test_captions_are_saved_and_a_file_is_taken_away_while_what_is_typed_stays(page, program, draft):
    page.fill("#remark", "Đang gõ dở")
    drop(page, ("a.png", "image/png", png(picture())))
    page.keyboard.press("Enter")
    caption = page.locator(".thumb input")
    caption.fill("Quầy lễ tân")
    with page.expect_response(lambda answer: "/tep/" in answer.url and answer.request.method == "POST"):
        caption.press("Enter")
    assert [one.caption for one in kept(program, draft)] == ["Quầy lễ tân"]

    page.get_by_role("button", name="Bỏ tệp này").click()

    expect(page.locator(".thumb")).to_have_count(0)
    assert list(program.settings.files.iterdir()) == []
    assert page.input_value("#remark") == "Đang gõ dở"


def test_what_was_overlooked_is_covered_afterwards_and_the_first_one_is_gone(page, program, draft):
    drop(page, ("a.png", "image/png", png(picture())))
    page.fill("#editor-caption", "Sảnh")
    page.click("#editor-keep")
    expect(page.locator(".thumb img")).to_have_count(1)
    (before,) = kept(program, draft)

    page.get_by_role("button", name="Che thêm").click()
    expect(page.locator("#editor-caption")).to_have_value("Sảnh")
    page.click("#editor-cover")
    page.click("#editor-keep")
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator(f"[data-file='{before.id}']")).to_have_count(0)

    (after,) = kept(program, draft)
    assert (after.caption, after.sha256 == before.sha256) == ("Sảnh", False)
    assert [path.name for path in program.settings.files.iterdir()] == [after.sha256]


def test_on_a_disk_that_takes_no_more_the_sentence_stands_at_the_field_and_the_others_are_kept(page, program, draft):
    drop(page, ("a.jpg", "image/jpeg", jpeg(at_least=MOST_ON_DISK + 500_000)), ("b.png", "image/png", png(picture())))
    page.keyboard.press("Enter")
    expect(page.locator("#editor-nth")).to_have_text("Tệp 2 trên 2")
    page.keyboard.press("Enter")

    expect(page.locator(".thumb img")).to_have_count(1)
    expect(page.locator("#file-errors")).to_contain_text("a.jpg: Không ghi được tệp")
    assert [path.name for path in program.settings.files.iterdir()] == [kept(program, draft)[0].sha256]


def finish(page):
    """Close the text; what is still missing or pointed out is asked once."""
    page.click("#finalise")
    page.locator("#to-ask").wait_for()
    page.click("#finalise")


def test_killed_after_a_photo_was_kept_it_is_there_again_and_goes_with_the_visit(page, program, draft):
    drop(page, ("a.png", "image/png", png(picture())))
    page.keyboard.press("Enter")
    expect(page.locator(".thumb img")).to_have_count(1)

    program.kill()
    link = program.start()
    page.goto(link)
    page.goto(f"{link.partition('/mo/')[0]}/cuoc-kiem-tra/{draft}")
    expect(page.locator(".thumb img")).to_have_count(1)
    page.locator("[name=outcome][value=no_violation]").check()
    page.locator("[id='roster.m1']").check()
    finish(page)

    expect(page.locator("#choose-scan")).to_be_visible()
    expect(page.locator(".thumb img")).to_have_count(1)
    db = connect(program.settings.database, program.key)
    (line,) = db.conn.execute("SELECT line FROM own WHERE kind = 'attachment'").fetchone()
    db.close()
    assert json.loads(line)["body"]["inspection"] == draft


def test_a_scan_of_the_signed_minutes_is_attached_from_the_visit(page, program, draft):
    page.locator("[name=outcome][value=no_violation]").check()
    page.locator("[id='roster.m1']").check()
    finish(page)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Đính bản quét biên bản đã ký").click()
    choosing.value.set_files([
        {"name": "to-1.jpg", "mimeType": "image/jpeg", "buffer": jpeg()},
        {"name": "to-2.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ])  # fmt: skip

    for nth in (1, 2):
        expect(page.locator("#editor-nth")).to_have_text(f"Tệp {nth} trên 2")
        expect(page.locator("#editor-role")).to_have_value("scan")
        page.keyboard.press("Enter")

    expect(page.locator(".thumb")).to_have_count(2)
    expect(page.locator("#file-list")).to_contain_text("Bản quét 2")
    expect(page.locator("#file-list")).to_contain_text("Chờ gửi")
