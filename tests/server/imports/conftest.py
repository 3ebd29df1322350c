"""The moment at which imports are made."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def at():
    """An evening in November 2026."""
    return datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
