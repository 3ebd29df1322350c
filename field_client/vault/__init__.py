"""What makes a laptop safe to lose: its data key, how it is wrapped, and the files that are closed under it.

`keys` is vault.json, the data key wrapped · `box` is one file on the disk, closed · `opening` says how a folder
stands and opens it · `older` encrypts a store from before · `gate` stands between the pages and an open store.
"""
