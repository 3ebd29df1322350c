"""What the server does by itself, in the one process that holds the lock (server/duty.py): docs/jobs.md."""
