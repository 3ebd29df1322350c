"""The door through which every change comes: judged, chained, folded into what is known, and told on."""
