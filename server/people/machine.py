"""What a browser says of itself, in words that its owner knows again."""

# The first that is found: others call themselves Chrome and Safari too.
_BROWSERS = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def machine(agent: str) -> str:
    """Return browser and system of a User-Agent: “Chrome, Windows”; empty where neither is known."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))
