"""“Đã nhận đủ số liệu đến ngày” stands beside every figure: pages, files, programs, the command line."""

from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from server.cli.main import commands

COMMUNE, IN_2026 = "new:15664", "nam=2026&tinh-den=2026-11-20"
LABEL = "Đã nhận đủ số liệu đến ngày"


@pytest.fixture
def reported(office):
    """One place not inspected, and a laptop that keeps a visit of 5 November back."""
    office.place()
    office.laptop("Máy Đội 1", at="2026-11-19T15:00:00Z", unsent=1, earliest="2026-11-05")
    return office


@pytest.mark.parametrize(
    "path", ["/", f"/ty-le-kiem-tra?{IN_2026}", f"/ty-le-kiem-tra/danh-sach?{IN_2026}", "/may-tinh"]
)
def test_on_every_page_with_figures(reported, path):
    page = reported.client().get(path).text

    assert LABEL in page
    assert "04/11/2026" in page


@pytest.mark.parametrize("path", ["/ty-le-kiem-tra", "/ty-le-kiem-tra/danh-sach", "/may-tinh"])
def test_in_every_file(reported, path):
    client = reported.client()

    heading, first = client.get(f"{path}.csv?{IN_2026}").text.removeprefix("\ufeff").splitlines()[:2]
    book = load_workbook(BytesIO(client.get(f"{path}.xlsx?{IN_2026}").get_data()))

    assert LABEL in heading
    assert "2026-11-04" in first
    assert LABEL in [cell.value for cell in book["Số liệu"][1]]


def test_for_programs(reported):
    client = reported.client()

    assert client.get("/api/v1/coverage?year=2026&as_of=2026-11-20").get_json()["total"]["complete_to"] == "2026-11-04"
    assert client.get(f"/ty-le-kiem-tra.json?{IN_2026}").get_json()["total"]["complete_to"] == "2026-11-04"
    assert client.get("/may-tinh.json").get_json()["laptops"][0]["complete_to"] == "2026-11-04"


def test_on_the_command_line(reported):
    done = CliRunner().invoke(
        commands, ["coverage", "--year", "2026", "--as-of", "2026-11-20", "--data", str(reported.settings.data)]
    )

    assert f"{LABEL}: 04/11/2026" in done.stdout
