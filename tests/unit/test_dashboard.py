"""The page of a month: counts as in the warehouse; nothing from outside, nothing about a person, nothing unescaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtsen_pipeline import warehouse
from dtsen_pipeline.dashboard import charts, page
from dtsen_pipeline.dashboard.data import (
    SMALLEST_SHOWN,
    Area,
    PageData,
    ProvinceDeciles,
    collect,
    hide_small,
    hide_small_table,
)
from dtsen_pipeline.publication.gate import Rule, Verdict

EVIL = "<script>alert(1)</script>"


def verdict(name: str, nilai: float, *, maximum: float, blocking: bool = True, error: str | None = None) -> Verdict:
    rule = Rule(
        name=name,
        table="marts.keluarga",
        teks=f"Uji {name}",
        text=f"Test {name}",
        owner="BPS",
        alasan="Angka tahun lalu.",
        reason="Last year's figure.",
        maximum=maximum,
        blocking=blocking,
    )
    measures = () if error else (("bagian", nilai),)
    passed = error is None and rule.holds(nilai)
    return Verdict(rule, passed, error, measures, keterangan=f"ket {name}", explanation=f"exp {name}")


GOOD = (verdict("nik_rusak", 0.01, maximum=0.05), verdict("desil_rata", 0.001, maximum=0.01))
BROKEN = verdict("keluarga_hilang", 0.123456, maximum=0.1)
WARNING = verdict("kiriman_lama", 2, maximum=1, blocking=False)
UNANSWERED = verdict("tanpa_tabel", 0, maximum=1, blocking=False, error="no such table")


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """A month of 300 families in three regencies of two provinces, every third with two records a person."""
    con.execute(
        f"""
        create table raw.deliveries as
        select * from (values
            ('dtks', 'anggota', '2025-03', 'a.csv', 'csv', 500::bigint, 20::bigint, 'kolom_baru', ''),
            ('dtks', 'anggota', '2025-03', 'b.parquet', 'parquet', 100, 3, 'kolom_baru', 'nama_ibu'),
            ('p3ke', 'individu', '2025-02', 'c.csv', 'csv', 200, 0, null, null),
            ('referensi', 'wilayah', '2025-03', 'w.csv', 'csv', 50, 1, null, null)
        ) t(source, tabel, bulan_kirim, file, format, rows_read, rows_quarantined, extra_columns, missing_columns);
        create table staging.stg_dtks__anggota as select range as id from range(577);
        create table quarantine.alasan as
        select 'dtks' as source, 'anggota' as tabel, 'a.csv' as file, range as line, 'jnskel' as kolom,
               '{EVIL}' as nilai, 'bukan_kode' as alasan, '{EVIL}' as keterangan, '{EVIL}' as explanation
        from range(17)
        union all
        select 'dtks', 'anggota', 'a.csv', range, null, null, 'jumlah_kolom', '', '' from range(6);
        create table intermediate.int_person_record as select range as record_id from range(777);
        create table linkage.crosswalk as
        select 'P-' || range as person_id, 'dtks' as source from range(600)
        union all select 'P-' || range * 3, 'p3ke' from range(200);
        create table linkage.evaluasi as select * from (values
            ('presisi_orang', 'semua', 0.9912, 0.9871, 0.9953, 'contoh tinjauan / reviewed sample'),
            ('rekaman_per_orang', 'semua', 2.17, null, null, 'semua / all'),
            ('presisi_orang', 'provinsi={EVIL}', 0.9755, 0.9543, 0.9967, 'contoh tinjauan / reviewed sample')
        ) as t(ukuran, kelompok, nilai, bawah, atas, dasar);
        create table marts.keluarga as
        select 'K-' || range as family_id, 2 as jumlah_anggota,
               case when range < 200 then '32' else '73' end as kode_provinsi,
               case when range < 200 then 'Jawa Barat' else '{EVIL}' end as nama_provinsi,
               case when range < 196 then '3201' when range < 200 then '3202' else '7301' end as kode_kabupaten,
               case when range < 196 then 'Bogor' when range < 200 then 'Sukabumi' else 'Kepulauan Selayar' end
                   as nama_kabupaten
        from range(300);
        create table marts.anggota as
        select 'P-' || range as person_id, 'K-' || range // 2 as family_id from range(600);
        create table welfare.desil as
        select 'K-' || range as family_id, 1 + range % 10 as desil_nasional from range(290);
        create table welfare.tanpa_skor as
        select 'K-' || range as family_id, 'luas_lantai_kosong' as alasan from range(290, 300);
        create table welfare.kartu as select 'r2' as ukuran, 0.4871 as nilai;
        """
    )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as connection:
        yield connection


@pytest.fixture
def full(con: duckdb.DuckDBPyConnection) -> PageData:
    fill(con)
    return collect(con, "2025-03", GOOD, revision=2)


@dataclass
class Parsed(HTMLParser):
    """Tags with attributes, the text, and per element id the text inside it."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def parse(html: str) -> Parsed:
    parsed = Parsed()
    parsed.feed(html)
    return parsed


def values(html: str) -> list[float]:
    return [float(dict(attrs)["value"] or "nan") for tag, attrs in parse(html).tags if tag == "data"]


# --- what is read -----------------------------------------------------------------------------------------------------


def test_a_month_blocked_before_any_table_exists_has_no_sections_but_a_page(con: duckdb.DuckDBPyConnection) -> None:
    data = collect(con, "2025-03", [BROKEN])
    assert data.state == "tertahan"
    assert (data.deliveries, data.linkage, data.welfare, data.coverage, data.quarantine) == (None,) * 5
    assert [step.count for step in data.funnel] == [None] * 6
    html = page.render(data)
    assert html.count("Belum ada: bulan ini berhenti sebelum bagian ini dibuat.") == 6
    assert html.count("Not there: the month stopped before this part was made.") == 6


def test_a_month_that_is_no_month_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(Exception, match="is not a month"):
        collect(con, "2025-13", GOOD)


def test_a_rule_that_only_warns_does_not_block_but_one_that_cannot_be_answered_does(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert collect(con, "2025-03", []).state == "belum"
    assert collect(con, "2025-03", [*GOOD, WARNING]).state == "terbit"
    assert collect(con, "2025-03", [*GOOD, UNANSWERED]).state == "tertahan"
    assert collect(con, "2025-03", [*GOOD, BROKEN]).blocked_by[0].name == "keluarga_hilang"


def test_deliveries_sum_over_files_and_name_the_columns_once(full: PageData) -> None:
    assert full.deliveries is not None
    dtks = full.deliveries[0]
    assert (dtks.files, dtks.rows_read, dtks.rows_quarantined, dtks.rows_staged) == (2, 600, 23, 577)
    assert (dtks.formats, dtks.extra_columns, dtks.missing_columns) == (
        ("csv", "parquet"),
        ("kolom_baru",),
        ("nama_ibu",),
    )
    assert [d.rows_staged for d in full.deliveries[1:]] == [None, None]


def test_the_funnel_counts_person_rows_only_and_knows_the_previous_release(
    con: duckdb.DuckDBPyConnection, full: PageData
) -> None:
    assert {s.key: s.count for s in full.funnel} == {
        "baris": 800,
        "diterima": 777,
        "rekaman": 777,
        "orang": 600,
        "keluarga": 300,
        "ber_desil": 290,
    }
    again = collect(con, "2025-04", GOOD, previous=full)
    assert [s.previous for s in again.funnel] == [s.count for s in full.funnel]
    assert "Maret 2025" in page.render(again)


def test_linkage_counts_persons_by_records_and_by_sources(full: PageData) -> None:
    assert full.linkage is not None
    assert full.linkage.sizes == ((1, 400), (2, 200))
    assert full.linkage.sources == (("dtks", 400), ("dtks+p3ke", 200))
    assert (full.linkage.evaluation[0].value, full.linkage.evaluation[0].basis) == (
        0.9912,
        "contoh tinjauan / reviewed sample",
    )


def test_linkage_measures_stand_with_their_interval_and_groups_apart(full: PageData) -> None:
    assert full.linkage is not None
    assert [m.name for m in full.linkage.evaluation] == ["presisi_orang", "rekaman_per_orang"]
    assert [(m.group, m.value) for m in full.linkage.groups] == [(f"provinsi={EVIL}", 0.9755)]
    html = page.render(full)
    part = html[html.index('id="t-evaluasi"') : html.index('id="kesejahteraan"')]
    for shown in ("0,9912", "0,9871", "0,9953", "2,17", "0,9755", "Rentang 95 %", "95% interval"):
        assert shown in part
    assert part.index("0,9912") < part.index("<details") < part.index("0,9755")


def test_a_small_regency_is_hidden_together_with_the_one_that_would_give_it_away(full: PageData) -> None:
    assert full.coverage is not None
    assert [(a.kode, a.families) for a in full.coverage.provinces] == [("32", 200), ("73", 100)]
    assert [(a.kode, a.families, a.persons) for a in full.coverage.regencies] == [
        ("3201", None, None),
        ("3202", None, None),
        ("7301", 100, 200),
    ]
    assert full.coverage.regencies[2].share == 0.9


def test_families_of_unknown_area_stay_in_the_coverage(con: duckdb.DuckDBPyConnection) -> None:
    fill(con)
    con.execute("update marts.keluarga set kode_provinsi = null, nama_provinsi = null where kode_provinsi = '73'")
    data = collect(con, "2025-03", GOOD)
    assert data.coverage is not None
    assert (data.coverage.provinces[-1].kode, data.coverage.provinces[-1].families) == (None, 100)
    assert "Wilayah tidak dikenal" in page.render(data)


@given(st.lists(st.integers(0, 60), max_size=12))
def test_no_hidden_count_can_be_had_from_the_total(counts: list[int]) -> None:
    shown = hide_small(counts)
    assert all(n is None or n == 0 or n >= SMALLEST_SHOWN for n in shown)
    hidden = [n for n, s in zip(counts, shown, strict=True) if s is None]
    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALLEST_SHOWN


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(st.integers(0, 60), min_size=n, max_size=n), max_size=6)))
def test_no_hidden_cell_of_a_table_can_be_had_from_a_row_or_a_column(rows: list[list[int]]) -> None:
    shown = hide_small_table(rows)
    pairs = [list(zip(row, kept, strict=True)) for row, kept in zip(rows, shown, strict=True)]
    for line in [*pairs, *zip(*pairs, strict=True)]:
        hidden = [n for n, kept in line if kept is None]
        assert all(kept is None or (kept == n and not 0 < n < SMALLEST_SHOWN) for n, kept in line)
        if hidden and len(hidden) < len(line):
            assert len(hidden) >= 2
            assert sum(hidden) >= SMALLEST_SHOWN


def test_desil_counts_of_a_large_province_stay_and_of_a_small_one_go(con: duckdb.DuckDBPyConnection) -> None:
    fill(con)
    con.execute("create or replace table welfare.desil as select family_id, 1 + hash(family_id) % 2 as desil_nasional "
                "from marts.keluarga")  # fmt: skip
    data = collect(con, "2025-03", GOOD)
    assert data.welfare is not None and data.welfare.provinces is not None
    assert [sum(n or 0 for n in p.counts) for p in data.welfare.provinces] == [200, 100]
    assert [p.total for p in data.welfare.provinces] == [200, 100]
    con.execute("delete from welfare.desil where family_id >= 'K-205' and length(family_id) = 5")
    data = collect(con, "2025-03", GOOD)
    assert data.welfare is not None and data.welfare.provinces is not None
    assert [p.total for p in data.welfare.provinces] == [None, None]
    assert all(n is None or n == 0 for p in data.welfare.provinces for n in p.counts)


# --- where the marks lie ----------------------------------------------------------------------------------------------


def test_the_map_has_38_provinces_each_on_a_tile_of_its_own() -> None:
    assert len(charts.PROVINCES) == 38
    assert len({(column, row) for _, _, column, row in charts.PROVINCES.values()}) == 38
    assert len({short for short, *_ in charts.PROVINCES.values()}) == 38
    west, east = charts.tiles([])
    assert all(0 <= t.column < charts.WEST_COLUMNS and 0 <= t.row < charts.MAP_ROWS for t in west + east)


@pytest.mark.parametrize(("scored", "level"), [(None, 0), (899, 1), (900, 2), (979, 3), (994, 4), (995, 5), (1000, 5)])
def test_a_tile_gets_the_class_of_its_share(scored: int | None, level: int) -> None:
    west, _ = charts.tiles([Area("32", "Jawa Barat", None, 1000, 3000, scored)])
    assert next(t for t in west if t.kode == "32").level == level


def test_a_stacked_bar_is_full_and_shows_hidden_counts_as_one_part() -> None:
    parts = charts.stack(ProvinceDeciles("32", "Jawa Barat", 100, (50, None, None, 30, 0, 0, 0, 0, 0, 0)))
    assert [(p.desil, p.x, p.width) for p in parts] == [(1, 0, 50), (4, 50, 30), (0, 80, 20)]
    assert charts.stack(ProvinceDeciles("32", "Jawa Barat", None, (None,) * 10)) == []


# --- the page ---------------------------------------------------------------------------------------------------------


def test_nothing_on_the_page_points_outside(full: PageData) -> None:
    html = page.render(full)
    for tag, attrs in parse(html).tags:
        for name in ("href", "src", "srcset", "action", "data", "poster", "xlink:href"):
            assert (attrs.get(name) or "#").startswith(("#", "data:,")), f"<{tag} {name}>"
        assert tag not in {"iframe", "object", "embed", "form", "base"}
    assert not re.search(r"https?:|//[a-z]|url\(|@import|fetch\(|XMLHttpRequest|sendBeacon|WebSocket", html)


def test_links_within_the_page_lead_somewhere_and_names_of_parts_are_unique(full: PageData) -> None:
    tags = parse(page.render(full)).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = {(attrs["href"] or "")[1:] for tag, attrs in tags if tag == "a"}
    wanted |= {attrs["aria-labelledby"] for _, attrs in tags if "aria-labelledby" in attrs}
    assert wanted <= set(ids)


def test_the_policy_of_the_page_names_its_own_style_and_script_and_nothing_else(full: PageData) -> None:
    html = page.render(full)
    policy = next(a["content"] for t, a in parse(html).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'") and "unsafe" not in policy
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert not any(name == "style" or name.startswith("on") for _, attrs in parse(html).tags for name in attrs)


def test_names_with_markup_are_harmless(con: duckdb.DuckDBPyConnection) -> None:
    fill(con)
    con.execute("update raw.deliveries set extra_columns = ?", [f"x{EVIL}"])
    html = page.render(collect(con, "2025-03", [verdict(f"a{EVIL}", 9, maximum=1)]))
    assert EVIL not in html
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_delivered_values_never_reach_the_page(con: duckdb.DuckDBPyConnection) -> None:
    fill(con)
    con.execute("update quarantine.alasan set nilai = '3201014101900001', keterangan = 'RAHASIA'")
    html = page.render(collect(con, "2025-03", GOOD))
    assert "3201014101900001" not in html and "RAHASIA" not in html


def test_every_text_is_there_in_both_languages(full: PageData) -> None:
    html = page.render(full)
    assert html.count('<span lang="id">') == html.count('<span lang="en">') > 150
    assert "DTSEN Maret 2025" in html and 'data-en="DTSEN March 2025"' in html
    for both in ("Terbit", "Published", "Karantina", "Quarantine", "Uji nik_rusak", "Test nik_rusak"):
        assert both in html


def test_the_numbers_shown_are_those_of_the_data(full: PageData) -> None:
    html = page.render(full)
    shown = values(html)
    expected: list[float] = [s.count for s in full.funnel if s.count is not None]
    for delivery in full.deliveries or ():
        expected += [delivery.files, delivery.rows_read, delivery.rows_quarantined, delivery.rows_staged or 0]
    assert full.linkage and full.welfare and full.coverage and full.quarantine
    expected += [n for _, n in full.linkage.sizes + full.linkage.sources]
    expected += [
        m.value for m in full.linkage.evaluation + full.linkage.groups + full.welfare.quality if m.value is not None
    ]
    expected += [n for n in full.welfare.deciles if n is not None]
    expected += [n for area in full.coverage.provinces for n in (area.families, area.persons, area.scored) if n]
    expected += [q.count for q in full.quarantine]
    expected += [n for rule in full.rules for _, n in rule.measures]
    missing = set(expected) - set(shown) - {0}
    assert not missing
    for value, text in re.findall(r'<data value="(\d+)">([\d.]+)</data>(?!%)', html):
        assert int(text.replace(".", "")) == int(value)


@pytest.mark.parametrize(
    ("value", "text"), [(0.94996, "0,94996"), (1234567, "1.234.567"), (0.5, "0,5"), (-3, "-3"), (0, "0")]
)
def test_a_measure_is_not_rounded_onto_its_threshold(value: float, text: str) -> None:
    assert f">{text}</data>" in page.decimal(value)


def test_hidden_and_absent_numbers_are_told_apart() -> None:
    assert "disamarkan" in page.number(None) and "hidden" in page.number(None)
    assert "–" in page.percent(None)


def test_the_blocked_page_names_the_rules_first_and_says_that_the_last_release_stands(
    con: duckdb.DuckDBPyConnection,
) -> None:
    html = page.render(collect(con, "2025-03", [*GOOD, BROKEN, WARNING, UNANSWERED], revision=3))
    top = html[html.index('id="putusan"') : html.index('id="aturan"')]
    assert "Tertahan" in top and "rilis terakhir tetap berlaku" in top and "Terbit" not in top
    assert "Uji keluarga_hilang" in top and "0,123456" in top and "≤" in top
    assert "Uji tanpa_tabel" in top and "ket tanpa_tabel" in top
    assert "Uji nik_rusak" not in top
    assert "kiriman_lama" not in top


def test_a_published_page_says_so_with_its_revision(full: PageData) -> None:
    html = page.render(full)
    top = html[html.index('id="putusan"') : html.index('id="aturan"')]
    assert "Terbit" in top and "Tertahan" not in top and "revisi" in top and "Semua aturan lulus." in top


def test_the_same_month_gives_the_same_page_byte_for_byte(con: duckdb.DuckDBPyConnection, full: PageData) -> None:
    assert page.render(full) == page.render(full)
    assert page.render(collect(con, "2025-03", GOOD, revision=2)) == page.render(full)


def test_every_chart_has_a_name_and_a_table_with_a_caption(full: PageData) -> None:
    html = page.render(full)
    tags = parse(html).tags
    assert all("aria-labelledby" in attrs for _, attrs in tags if attrs.get("role") in {"img", "region"})
    assert html.count("<table") == html.count("<caption") > 8
    for figure in re.findall(r"<figure.*?</figure>", html, re.DOTALL):
        assert "<figcaption" in figure
        assert "<table" in figure or 'class="peta"' in figure  # the map's table stands right below it


def test_a_country_of_514_regencies_stays_under_two_megabytes(con: duckdb.DuckDBPyConnection) -> None:
    fill(con)
    con.execute(
        """
        create or replace table marts.keluarga as
        select 'K-' || range as family_id, (11 + range % 514 % 38)::varchar as kode_provinsi,
               'Nama Provinsi Panjang' as nama_provinsi, (1100 + range % 514)::varchar as kode_kabupaten,
               'Kabupaten Nama Panjang' as nama_kabupaten
        from range(100000)
        """
    )
    assert len(page.render(collect(con, "2025-03", GOOD)).encode()) < 2_000_000
