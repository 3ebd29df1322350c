"""What a team carries: local web app, local store, print, background sending. Works for weeks without a network."""
