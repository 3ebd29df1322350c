"""Building what is handed out: a folder that runs without Python, its start files, and the archive for updates."""
