"""Where the built program begins."""

import multiprocessing

from field_client.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
