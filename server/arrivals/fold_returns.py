"""Returns as narrow tables: whose, for which days, how far; and what was sent, by the hash of its document."""

from schemas.items import Item
from schemas.register import State
from server.arrivals.world import World

DOCUMENT = "application/json"


def fold_return(world: World, item: Item, before: State, after: State) -> None:
    """Keep what lists and deadlines ask of a return; its texts stay in the thing."""
    world.conn.execute(
        "INSERT INTO returns (id, plan, deadline, report, unit, since, until, due, strict, standing, version, replaces,"
        " number, signed_on, title) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET plan = excluded.plan, deadline = excluded.deadline, report = excluded.report,"
        " unit = excluded.unit, since = excluded.since, until = excluded.until, due = excluded.due,"
        " strict = excluded.strict, standing = excluded.standing, version = excluded.version,"
        " replaces = excluded.replaces, number = excluded.number, signed_on = excluded.signed_on,"
        " title = excluded.title",
        (
            item.id, after.get("plan") or "", after.get("deadline") or "", after["report"],
            f"{after['epoch']}:{after['area']}", after["from"], after["to"], after.get("due") or "",
            bool(after.get("strict")), after["standing"], after["version"], after.get("replaces") or "",
            after.get("number") or "", after.get("signed_on") or "", after["title"],
        ),
    )  # fmt: skip


def fold_frozen(world: World, item: Item) -> None:
    """Keep that a return was sent, and that the item speaks for the file of its document, which lies there already."""
    body = item.body
    world.conn.execute(
        "INSERT INTO frozen_returns (id, item, document, size, seq, sent_on, sent_by, author, sent_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            item.id, item.name, body["document"], body["size"], body["seq"], body["on"], body.get("by") or "",
            item.author, item.recorded_at,
        ),
    )  # fmt: skip
    world.conn.execute(
        "INSERT INTO files (sha256, size, type, at) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
        (body["document"], body["size"], DOCUMENT, world.at),
    )
    world.conn.execute(
        "INSERT INTO file_claims (sha256, item) VALUES (?, ?) ON CONFLICT DO NOTHING", (body["document"], item.name)
    )


def forget_frozen(world: World, item: Item) -> None:
    """Forget what was sent where the item that says so was erased; nobody speaks for its file then."""
    world.conn.execute("DELETE FROM frozen_returns WHERE item = ?", (item.name,))
