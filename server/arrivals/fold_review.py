"""Where each visit stands in the review, kept beside the visit for the queue.

`state` is the last review while it speaks of the revision that is the truth, else what has come since it.
"""

from schemas.inspections import counting
from schemas.items import Item
from server.arrivals.columns import COUNTS, refresh_paper
from server.arrivals.world import World

NEW, MENDED, ANSWERED = "new", "mended", "answered"
WAITING = (NEW, MENDED, ANSWERED)  # what a reviewer is to look at


def revised(world: World, id: str, before: str, item: str) -> None:
    """Note that the truth of a visit changed from the item *before*: what was reviewed is another text."""
    if before != item:
        reviewed = world.conn.execute("SELECT 1 FROM reviews WHERE inspection = ?", (id,)).fetchone()
        world.conn.execute("UPDATE visits SET state = ? WHERE id = ?", (MENDED if reviewed else NEW, id))
    refresh_paper(world.conn, id)


def fold_review(world: World, item: Item) -> None:
    """Make a review the last word on its visit: it counts or not from now on."""
    body = item.body
    visit, outcome, void, members = world.conn.execute(
        "SELECT item, outcome, void, members FROM visits WHERE id = ?", (body["inspection"],)
    ).fetchone()
    about, said = body.get("item") or visit, (body["review"], body.get("comment", ""))
    world.conn.execute(
        "INSERT INTO reviews (inspection, item, review, comment, about, reviewer, review_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (inspection) DO UPDATE SET item = excluded.item, review = excluded.review,"
        " comment = excluded.comment, about = excluded.about, reviewer = excluded.reviewer,"
        " review_id = excluded.review_id",
        (body["inspection"], item.name, *said, about, body.get("by", ""), item.id),
    )
    world.conn.execute(
        "UPDATE visits SET counting = ?, state = ? WHERE id = ?",
        (
            counting(COUNTS[outcome], void, members, *said),
            said[0] if about == visit else MENDED,
            body["inspection"],
        ),
    )


def answered(world: World, item: Item) -> None:
    """Note that the team answered what the reviewer asked for; a word of the office, which says by whom, is none."""
    if not item.body.get("by"):
        world.conn.execute(
            "UPDATE visits SET state = ? WHERE id = ? AND state = 'issues'", (ANSWERED, item.body["inspection"])
        )
