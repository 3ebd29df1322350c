"""The teams that may be sent within an area: its own, those below it, and those above that may come there."""

from server.teams.near import teams_near

__all__ = ["NOT_NEAR", "teams_near"]

NOT_NEAR = "Đội này không được cử trong địa bàn hoặc đã hết hạn; chọn đội khác."
