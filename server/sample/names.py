"""Invented names, with every letter and tone that Vietnamese has. Nobody and nothing real is meant."""

from random import Random

WORDS = (
    *("Đông Đô", "Ánh Dương", "Thủy Tiên", "Quỳnh Hương", "Bằng Lăng", "Mộng Mơ", "Phố Núi", "Gió Biển", "Trầm Hương"),
    *("Cẩm Tú", "Nhật Lệ", "Hồng Gấm", "Mẫu Đơn", "Thắng Lợi", "Sẵn Sàng", "Đặng Gia", "Vẳng Xa", "Hẳn Hoi", "Lá Đỏ"),
    *("Bé Mè", "Vẽ Mây", "Mẹ Hiền", "Tuổi Trẻ", "Về Quê", "Quế Chi", "Thể Thao", "Lễ Hội", "Hoa Huệ", "Nghỉ Mát"),
    *("Vĩ Dạ", "Thị Trấn", "Bình Minh", "Chí Linh", "Hòa Bình", "Nhỏ Xinh", "Võ Gia", "Ngọc Lan", "Cổ Thành"),
    *("Đỗ Quyên", "Chờ Ai", "Nhớ Mãi", "Mở Cửa", "Bỡ Ngỡ", "Đợi Trăng", "Phù Sa", "Phú Quý", "Vũ Khúc", "Dải Lụa"),
    *("Từ Tâm", "Đức Thịnh", "Nữ Hoàng", "Tự Do", "Ý Nhạc", "Tỷ Phú", "Mỹ Lệ", "Đinh Tỵ", "Kỳ Hòa", "Hà Bảo", "Mã Não"),
    *("Hạnh Phúc", "Sơn Ca", "Lưu Ly", "Tình Xưa", "Kẹo Ngọt", "Xuân Thì", "Suối Mơ", "Ruby", "Diễm Xưa", "Cỏ May"),
)
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Lương")
MIDDLES = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Hữu", "Xuân", "Quỳnh", "Thế", "Mỹ")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hằng", "Hạnh", "Khuê", "Lợi", "Mẫn", "Nga", "Phượng", "Thủy")
STREETS = ("Lê Lợi", "Bà Triệu", "Trần Phú", "Lê Thái Tổ", "Quang Trung", "Nguyễn Trãi", "Đông Tây", "Bờ Đê")
SIGNS = {
    "karaoke": ("Karaoke", "Quán karaoke"),
    "dance_hall": ("Vũ trường", "Sàn nhảy"),
    "massage": ("Massage", "Cơ sở xoa bóp", "Tẩm quất"),
    "lodging": ("Nhà nghỉ", "Khách sạn", "Nhà trọ"),
    "other": ("Cà phê", "Quán ăn", "Gội đầu dưỡng sinh"),
}
AGENCIES = (
    ("Công an", "Đội trưởng"), ("Ủy ban nhân dân", "Phó Đội trưởng"), ("Văn hóa - Xã hội", "Thành viên"),
    ("Y tế", "Thành viên"), ("Ủy ban Mặt trận Tổ quốc", "Thành viên"), ("Kinh tế", "Thành viên"),
    ("Hội Liên hiệp Phụ nữ", "Thư ký"),
)  # fmt: skip


def person(rng: Random) -> str:
    """Invent a name."""
    return f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES)} {rng.choice(GIVEN)}"


def respelt(rng: Random, name: str) -> str:
    """Spell a name as another clerk might have: the way that duplicates come about."""
    first, _, rest = name.partition(" ")
    ways = (
        f"{first} {rest.upper()}",
        f"{first} {rest.replace('i', 'y') if 'i' in rest else rest + ' '}".strip() + " 2",
        f"QUÁN {name}",
        f"{first} {rest.replace('òa', 'oà').replace('ủy', 'uỷ')} (cũ)",
    )
    return rng.choice(ways)
