"""The pictures of the Dagster pages: they show without a network, and no count of people that is withheld."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import duckdb
import pytest

from dtsen_pipeline.dashboard.pictures import NOTHING_TO_DRAW, PICTURES
from dtsen_pipeline.storage import warehouse

LEVELS = [
    {"label_for_charts": "tidak ada"},
    {"label_for_charts": "sama & <sejenis>", "m_probability": 0.8, "u_probability": 0.1},
    {"label_for_charts": "beda", "m_probability": 0.1, "u_probability": 0.8},
]
TABLES = {
    "linkage.model": "isi varchar",
    "linkage.pasangan": "match_weight double",
    "linkage.crosswalk": "person_id varchar, source varchar",
    "publikasi.terbuka": "tingkat integer, kode_provinsi varchar, nama_provinsi varchar, desil integer, keluarga bigint",
    "welfare.churn": "desil_lalu integer, desil integer, keluarga bigint, porsi double",
    "welfare.luar_sampel": "skor double, nyata double, penimbang double, model varchar, id_ruta varchar",
}
ROWS = {
    "linkage.model": f"('{json.dumps({'comparisons': [{'output_column_name': 'nik', 'comparison_levels': LEVELS}]})}')",
    "linkage.pasangan": "(-11.5), (1.0), (3.0), (24.2)",
    "linkage.crosswalk": "('a', 'dtks'), ('a', 'p3ke'), ('b', 'dtks'), " + ", ".join(["('c', 'dtks')"] * 12),
    "publikasi.terbuka": ", ".join(
        f"(1, '{code}', '{name}', {tenth}, {families.get(tenth, 'null')})"
        for code, name, families in (("11", "Aceh", {0: 100, 1: 60}), ("91", "Papua", {}))
        for tenth in range(11)
    ),
    "welfare.churn": "(1, 1, 90, 0.9), (1, 2, 10, 0.1), (2, 1, 9, 0.09), (null, 3, 50, 1.0)",
    "welfare.luar_sampel": ", ".join(f"({i}, {i + 0.5}, 1, 'lengkap', 'S{i}')" for i in range(40))
    + ", (99, 0, 1, 'pendek', 'X')",
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the drawn tables, empty."""
    with warehouse.connect(None) as con:
        for table, columns in TABLES.items():
            con.execute(f"create table {table} ({columns})")
        yield con


def drawn(con: duckdb.DuckDBPyConnection, table: str) -> str:
    con.execute(f"insert into {table} values {ROWS[table]}")
    found = re.fullmatch(r"!\[[^\]]+\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", PICTURES[table](con))
    assert found, "Markdown with the image in it: what is loaded from elsewhere does not show"
    return base64.b64decode(found[1]).decode()


def test_every_picture_is_of_a_table_of_this_file() -> None:
    assert set(PICTURES) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_picture_is_whole_xml_without_script_or_address(con: duckdb.DuckDBPyConnection, table: str) -> None:
    svg = drawn(con, table)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "rect", "text", "line", "circle"}
    assert "href" not in svg and svg.count("http") == 1  # the name of the language


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_has_no_picture_and_stops_nothing(con: duckdb.DuckDBPyConnection, table: str) -> None:
    assert PICTURES[table](con) == NOTHING_TO_DRAW


def test_match_weights_are_bits_for_and_against(con: duckdb.DuckDBPyConnection) -> None:
    svg = drawn(con, "linkage.model")
    assert "+3.0" in svg and "-3.0" in svg and "sama &amp; &lt;sejenis&gt;" in svg and "tidak ada" not in svg


def test_the_histogram_shows_the_threshold(con: duckdb.DuckDBPyConnection) -> None:
    svg = drawn(con, "linkage.pasangan")
    assert "threshold 2" in svg and svg.count("#2563eb") == 4


def test_persons_of_ten_records_and_more_share_a_bar(con: duckdb.DuckDBPyConnection) -> None:
    svg = drawn(con, "linkage.crosswalk")
    assert "10+ rekaman" in svg and "12" not in re.findall(r">([^<]+)</text>", svg) and svg.count("33.3%") == 3


def test_what_the_open_table_withholds_is_drawn_as_withheld(con: duckdb.DuckDBPyConnection) -> None:
    svg = drawn(con, "publikasi.terbuka")
    marks = svg[svg.index("Aceh") :]
    assert marks.count("#7f1d1d") == 1 and 'width="234.0"' in marks, "60 of 100 families of Aceh, none of Papua"
    assert "60" not in re.findall(r">([^<]+)</text>", svg)


def test_moves_of_under_ten_families_are_not_drawn(con: duckdb.DuckDBPyConnection) -> None:
    svg = drawn(con, "welfare.churn")
    assert svg.count("fill-opacity") == 2


def test_calibration_is_of_the_full_model_in_ten_groups(con: duckdb.DuckDBPyConnection) -> None:
    svg = drawn(con, "welfare.luar_sampel")
    # The mean of the last four of 40; the short model's household would be the highest score of all.
    assert svg.count("<circle") == 10 and ">38.0</text>" in svg
