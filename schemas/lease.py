"""How long a laptop shows histories without a word from its office. Data: an office changes it here, and only here."""

from datetime import timedelta

LEASE = timedelta(days=60)
WARN = timedelta(days=7)  # of it, the last in which the first page says that it ends
