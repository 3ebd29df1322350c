"""Tips: received, classified, verified, handled in time. Who told of it is written down nowhere."""
