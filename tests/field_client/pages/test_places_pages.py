"""The list of establishments and the page of one."""


def test_a_place_is_found_without_marks(reader):
    assert "Karaoke Đông Đô" in reader.text("/co-so/danh-sach?tim=dong+do")
