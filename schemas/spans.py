"""How long a time is, in words that fit beside a laptop's name: “5 phút”, “3 ngày”, “16 năm”."""

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH, YEAR = 30 * DAY, 31_557_600
STEPS = ((2 * YEAR, YEAR, "năm"), (2 * MONTH, MONTH, "tháng"), (2 * DAY, DAY, "ngày"), (2 * HOUR, HOUR, "giờ"),
         (MINUTE, MINUTE, "phút"))  # fmt: skip


def how_long(seconds: float) -> str:
    """Say a length of time in its largest unit, rounded; whichever way it goes."""
    length = abs(seconds)
    for least, unit, word in STEPS:
        if length >= least - unit / 2:
            return f"{round(length / unit)} {word}"
    return "chưa đến 1 phút"
