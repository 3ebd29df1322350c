"""A connection that dies or slips when it is told to, as a process under kill -9 or an error of ours would."""

from typing import Any

from sqlite_utils import Database


class Killed(BaseException):
    """The process is gone: no handler of ours sees it."""


class Slip(Exception):
    """An error of ours, in the middle of an item."""


class Fragile:
    """A connection that can be told to die or to slip at one of its next statements, before or after a COMMIT."""

    def __init__(self, conn: Any) -> None:
        self._conn = conn
        self.left: int | None = None
        self.slips: int | None = None
        self.items = 0  # begun before the statements to a slip are counted

    def _tick(self, sql: str = "") -> None:
        if self.items:
            self.items -= sql == "SAVEPOINT item"
        elif self.slips is not None and not sql.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.slips -= 1
            if self.slips < 0:
                self.slips = None
                raise Slip("a slip of ours")
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Killed

    def execute(self, sql: str, *values: Any) -> Any:
        """Run one statement, or die."""
        self._tick(sql)
        result = self._conn.execute(sql, *values)
        if sql == "COMMIT":
            self._tick(sql)
        return result

    def executemany(self, *arguments: Any) -> Any:
        """Run one statement many times, or die."""
        self._tick("many")
        return self._conn.executemany(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)


def fragile(db: Database) -> Database:
    """Make the connection of *db* one that can break."""
    db.conn.execute("PRAGMA synchronous=OFF")  # what is tested here is not the disk
    db.conn = Fragile(db.conn)  # type: ignore[assignment]
    return db
