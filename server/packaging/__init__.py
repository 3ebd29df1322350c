"""Files that make an office server a service: systemd on Linux, WinSW on Windows (docs/packaging.md)."""
