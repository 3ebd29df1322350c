"""Erasing the record of a photo: the file goes with it, and a rebuild says the same."""

from server.arrivals.verify import verify
from server.changes.desk import Desk
from server.changes.erasing import erase
from server.files import keeping
from tests.conftest import AT
from tests.pictures import name_of_file


def test_an_erased_photo_is_gone_from_the_disk_and_from_the_projections(central, sender):
    attachment = sender.record(caption="Nguyễn Văn A trước cửa")
    sender.sends_all(attachment)
    item = central.one("SELECT name FROM items WHERE id = ?", attachment)

    erase(central.db, Desk(central.db.conn, "hanh", AT.date()), {"item": item, "ground": "Công văn số 12"}, AT)
    keeping.drop_orphans(central.db, central.settings.files, AT)

    assert not keeping.path_of(central.settings.files, name_of_file(sender.content)).exists()
    assert central.one("SELECT count(*) FROM attachments") == central.one("SELECT count(*) FROM files") == 0
    assert verify(central.db).problems == ()
    assert sender.begins(attachment).status_code == 404
