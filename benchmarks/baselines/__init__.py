"""The simplest things that could work, to measure ours beside: no checks, no receipts, one table."""
