"""How long a time is, in words that fit beside a laptop's name: “5 phút”, “3 ngày”, “16 năm”."""

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH, YEAR = 30 * DAY, 31_557_600
STEPS = ((2 * YEAR, YEAR, "{n} năm"), (2 * MONTH, MONTH, "{n} tháng"), (2 * DAY, DAY, "{n} ngày"),
         (2 * HOUR, HOUR, "{n} giờ"), (MINUTE, MINUTE, "{n} phút"))  # fmt: skip


def how_long(seconds: float) -> str:
    """Say a length of time in its largest unit, rounded; whichever way it goes."""
    length = abs(seconds)
    for least, unit, words in STEPS:
        if length >= least - unit / 2:
            return words.format(n=round(length / unit))
    return "chưa đến 1 phút"
