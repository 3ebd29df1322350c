"""How a laptop and the server come to agree. Knows neither Flask nor SQL."""
