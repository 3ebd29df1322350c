"""What verify checks row by row: the chain, every byte, and the tables that stand beside the projections."""

import sqlite3
from collections.abc import Iterator

from schemas.items import name_of
from server.arrivals.erasing import remains
from sync.chain import GENESIS, link


def check_chain(conn: sqlite3.Connection) -> list[str]:
    """Walk the chain of arrivals from the beginning; the first break is the only one that can be told."""
    head, last = GENESIS, 0
    rows = conn.execute("SELECT seq, item, standing, detail, chain FROM arrivals ORDER BY seq")
    for seq, item, standing, detail, chain in rows:
        if seq != last + 1:
            return [f"Thiếu các lượt tiếp nhận từ {last + 1} đến {seq - 1}."]
        head, last = link(head, seq, item, standing, detail), seq
        if head != chain:
            return [f"Chuỗi tiếp nhận đứt ở lượt {seq}: dòng đó hoặc một dòng trước nó đã bị sửa."]
    return []


def check_bytes(conn: sqlite3.Connection) -> list[str]:
    """Check that the bytes of every item that was not erased are there and its own, and that it stands as told last."""
    checks = (_changed_bytes, _still_there, _erased_by_nobody, _missing_bytes, _strayed_standings)
    return [problem for check in checks for problem in check(conn)]


def _changed_bytes(conn: sqlite3.Connection) -> Iterator[str]:
    for name, line in conn.execute("SELECT name, line FROM items WHERE standing <> 'erased'"):
        if name_of(line) != name:
            yield f"Nội dung hồ sơ {name} không còn như khi nhận."


def _still_there(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute("SELECT name FROM items WHERE standing = 'erased' AND length(line) > 0")
    yield from (f"Nội dung hồ sơ {name} đã có quyết định xóa mà vẫn còn." for (name,) in rows)


def _erased_by_nobody(conn: sqlite3.Connection) -> Iterator[str]:
    ordered = remains(conn)
    for (name,) in conn.execute("SELECT name FROM items WHERE standing = 'erased'"):
        if name not in ordered:
            yield f"Nội dung hồ sơ {name} đã bị xóa mà không có quyết định nào."


def _missing_bytes(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute(
        "SELECT item FROM arrivals LEFT JOIN items ON items.seq = arrivals.seq AND items.name = arrivals.item"
        " WHERE first = 1 AND items.seq IS NULL"
    )
    yield from (f"Thiếu nội dung hồ sơ {item}." for (item,) in rows)
    rows = conn.execute(
        "SELECT items.name FROM items LEFT JOIN arrivals ON arrivals.seq = items.seq AND arrivals.item = items.name"
        " WHERE arrivals.seq IS NULL"
    )
    yield from (f"Hồ sơ {name} không có lượt tiếp nhận nào." for (name,) in rows)


def _strayed_standings(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute(
        "SELECT items.name FROM items JOIN (SELECT item, max(seq) AS seq FROM arrivals GROUP BY item) AS latest"
        " ON latest.item = items.name JOIN arrivals ON arrivals.seq = latest.seq"
        " WHERE arrivals.standing <> items.standing"
    )
    yield from (f"Hồ sơ {name} không mang tình trạng của lượt tiếp nhận cuối cùng của nó." for (name,) in rows)


def check_beside(conn: sqlite3.Connection) -> list[str]:
    """Check what is kept beside the projections: what stands aside, what is waited for, what each run has sent."""
    return [*_aside(conn), *_needs(conn), *_runs(conn)]


def _aside(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute(
        "SELECT items.name FROM items LEFT JOIN aside ON aside.item = items.name"
        " WHERE items.standing IN ('held', 'conflict', 'quarantined')"
        "   AND coalesce(aside.standing, '') <> items.standing"
        " UNION SELECT aside.item FROM aside LEFT JOIN items ON items.name = aside.item"
        " WHERE coalesce(items.standing, 'accepted') = 'accepted' OR items.standing <> aside.standing"
    )
    yield from (f"Hồ sơ {name} đứng trong danh sách cần xem không đúng với tình trạng của nó." for (name,) in rows)


def _needs(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute(
        "SELECT name FROM items WHERE standing = 'held' AND name NOT IN (SELECT item FROM needs)"
        " UNION SELECT item FROM needs WHERE item NOT IN (SELECT name FROM items WHERE standing = 'held')"
    )
    yield from (f"Hồ sơ {name}: danh sách hồ sơ còn chờ không đúng với tình trạng của nó." for (name,) in rows)


def _runs(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute(
        "SELECT device, sum(counted) AS counted, sum(kept) AS kept FROM ("
        "  SELECT device, items AS counted, 0 AS kept FROM runs"
        "  UNION ALL SELECT device, 0 AS counted, count(*) AS kept FROM items GROUP BY device"
        " ) AS both_sides GROUP BY device HAVING sum(counted) <> sum(kept)"
    )
    for device, counted, kept in rows:
        yield f"Máy {device}: đã đếm {counted} hồ sơ, máy chủ giữ {kept}."
