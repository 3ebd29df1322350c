"""`make bench`: every figure as one line of JSON on stdout, each beside its baselines. See docs/benchmarks.md."""
