"""A newer program for this laptop: offered by its server, put beside the old one when a person asks."""
