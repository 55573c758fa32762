"""Explain a family: who cannot be explained is told why, and the page says what the month really computed."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from typer.testing import CliRunner
from welfare_fixture import ASSETS, CATEGORIES, LIVESTOCK, households, warehouse

from dtsen_pipeline import welfare
from dtsen_pipeline.cli import app
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.family import gather, terminal, words
from dtsen_pipeline.explain.family.page import html
from dtsen_pipeline.explain.family.shapes import FamilyExplanation
from dtsen_pipeline.registry import audit, ledger, store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.sql.models import load_seeds, run_models
from dtsen_pipeline.storage.warehouse import attach_month, connect, in_memory

MONTH = "2025-03"
FAMILIES = 300


def k(number: int) -> str:
    return f"K{number:016d}"


# What is special about the first families of the register; all others are as the fixture draws them.
USUAL, GAPS, SHORT, BARE, NOWHERE, NO_TOILET, POOREST, KEPT, STRANGE = map(k, range(9))
EMPTY = k(11)
RETIRED, MERGED = "KFFFFFFFFFFFFFFF1", "KFFFFFFFFFFFFFFF2"
PERSON = f"P{0:016d}"


def register() -> pd.DataFrame:
    frame = households(FAMILIES, seed=3).astype(dict.fromkeys(ASSETS, object))
    frame.loc[1, ["laptop", "lantai"]] = None
    frame.loc[2, ["luas_lantai", *ASSETS, *LIVESTOCK, "kloset", "buang_tinja"]] = None
    frame.loc[3, ["luas_lantai", *ASSETS, *LIVESTOCK, *CATEGORIES]] = None
    frame.loc[4, ["kode_kabupaten", "kode_provinsi"]] = None
    frame.loc[5, ["bab", "kloset"]] = ["lainnya", None]
    frame.loc[6, list(CATEGORIES)] = [values[-1] for values in CATEGORIES.values()]
    frame.loc[6, ASSETS] = False
    frame.loc[6, ["jumlah_anggota", "jumlah_art_0_14", "luas_lantai", "pendidikan_krt"]] = [15, 10, 8.0, 0]
    frame.loc[8, "atap"] = "rumput"
    frame.loc[11, ["jumlah_anggota", "jumlah_art_0_14", "jumlah_art_65"]] = 0
    return frame


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of a month that explain reads, from an invented survey and register."""
    warehouse(con, households(1500, seed=1), register())
    observed = [*CATEGORIES, *ASSETS, *LIVESTOCK, "luas_lantai", "kode_desa"]
    origin = ", ".join(f"'regsosek' as {name}_sumber, date '2022-10-15' as {name}_tanggal" for name in observed)
    con.execute(
        f"""create or replace table marts.keluarga as
        select * replace ('K' || lpad(substr(family_id, 3), 16, '0') as family_id),
            'P' || lpad(substr(family_id, 3), 16, '0') as kepala_person_id,
            '<b>Sukamaju</b>' as nama_kecamatan, 'Kab ' || kode_kabupaten as nama_kabupaten,
            'Prov ' || kode_provinsi as nama_provinsi, {origin}
        from marts.keluarga"""
    )
    con.execute("update marts.keluarga set bab_sumber = 'dtks', bab_tanggal = date '2021-06-01'")
    head = ", ".join(
        f"'p3ke' as {name}_sumber, date '2023-01-09' as {name}_tanggal"
        for name in ("tgl_lahir", "jenis_kelamin", "pendidikan", "bekerja")
    )
    con.execute(f"create table marts.anggota as select kepala_person_id as person_id, {head} from marts.keluarga")
    con.execute(
        """create table linkage.crosswalk as
        select 'regsosek:' || row_number() over (order by family_id) as record_uid, 'regsosek' as source,
            cast(row_number() over (order by family_id) as varchar) as record_id, kepala_person_id as person_id, family_id
        from marts.keluarga
        union all select 'dtks:2', 'dtks', '2', 'P0000000000000007', 'K0000000000000007'"""
    )
    con.execute("create table linkage.orang as from linkage.crosswalk")
    con.execute(
        "create table intermediate.int_person_record as "
        "select record_uid, source, date '2022-10-15' as tanggal_amatan from linkage.crosswalk"
    )
    con.execute(
        "create table raw.deliveries as select 'referensi' as source, 'susenas' as tabel, "
        "'referensi/susenas.csv' as file, repeat('ab', 32) as sha256"
    )
    load_seeds(con)
    welfare.fit_month(con)
    welfare.score(con)
    welfare.rank(con)
    welfare.apply_policies(con, MONTH)


@pytest.fixture(scope="module", autouse=True)
def key() -> Iterator[None]:
    """One key for all homes, since a month is copied from one to another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTSEN_KEY", bytes(range(32)).hex())
        yield


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A ranked and released month, and one before it in which two families lived that are gone."""
    settings = Settings(home=tmp_path_factory.mktemp("keluarga") / "home")
    settings.home.mkdir()
    with connect(settings.warehouse(MONTH)) as con:
        fill(con)
        now = con.sql("select source, record_id, person_id, family_id from linkage.crosswalk").to_arrow_table()
    before = now.slice(0, FAMILIES).to_pylist() + [
        {"source": "dtks", "record_id": number, "person_id": f"P{number}", "family_id": gone}
        for number, gone in (("1", RETIRED), ("2", MERGED))
    ]
    for month, rows in (("2025-02", pa.Table.from_pylist(before)), (MONTH, now)):
        file = settings.home / f"{month}.parquet"
        pq.write_table(rows, file)
        with store.open(settings) as book:
            entry = Release(month, 1, file, month, datetime.now(UTC), ledger.PUBLISHED)
            book.record(entry, f"read_parquet('{file}')", {"rekaman": len(rows)}, "uji")
    return settings


@contextmanager
def copied(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The month in memory, to ask and to try out."""
    with in_memory() as con:
        attach_month(con, settings.warehouse(MONTH), "berkas", read_only=True)
        con.execute("copy from database berkas to memory")
        con.execute("detach berkas")
        yield con


@pytest.fixture(scope="module")
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with copied(settings) as con:
        yield con


@pytest.fixture(scope="module")
def usual(settings: Settings) -> FamilyExplanation:
    return gather.explain_family(settings, USUAL)


def trail(settings: Settings) -> list[dict[str, object]]:
    return [json.loads(line) for line in audit.path(settings).read_text().splitlines()]


# --- who cannot be explained


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("KFFFFFFFFFFFFFFFF", "tidak dikenal / is not known"),
        (RETIRED, "was retired in 2025-03"),
        (MERGED, f"was merged into {KEPT} in 2025-03"),
        (PERSON, "is the id of a person, not of a family"),
        ("P00000000000000FF", "that person is not in month 2025-03"),
        ("3519142003790009", "not a family id"),
        (BARE, "No source describes the dwelling of this family"),
        (BARE, "have the village record the dwelling"),
        (EMPTY, "All members are recorded as dead, moved away or not found"),
        (EMPTY, "if somebody still lives there"),
    ],
)
def test_who_cannot_be_explained_is_told_why_and_what_to_do(settings, wanted, expected):
    before = len(trail(settings)) if audit.path(settings).exists() else 0
    with pytest.raises(InputError) as caught:
        gather.explain_family(settings, wanted)
    assert expected in str(caught.value)
    assert "Tindakan/action" in str(caught.value)
    (line,) = trail(settings)[before:]
    assert (line["tindakan"], line["cari"], line["keluarga"]) == ("penjelasan", "keluarga", "")


def test_a_person_leads_to_the_family_and_a_family_that_is_gone_to_its_month(settings):
    with pytest.raises(InputError, match=f"dtsen explain --family {USUAL}"):
        gather.explain_family(settings, PERSON)
    with pytest.raises(InputError, match=f"dtsen explain --family {KEPT}"):
        gather.explain_family(settings, MERGED)
    with pytest.raises(InputError, match=f"dtsen explain --family {RETIRED} --month 2025-02"):
        gather.explain_family(settings, RETIRED)


def test_what_was_typed_is_never_repeated_where_it_may_be_personal(settings):
    for wanted in ("3519142003790009", "BUDI SANTOSO"):
        with pytest.raises(InputError) as caught:
            gather.explain_family(settings, wanted)
        assert wanted not in str(caught.value)
        assert wanted not in audit.path(settings).read_text()


def test_a_month_that_is_not_there_or_not_ranked_and_a_target_that_is_no_page_are_refused(settings, tmp_path):
    with pytest.raises(InputError, match="2025-02"):
        gather.explain_family(settings, USUAL, "2025-02")
    with pytest.raises(InputError, match="unknown suffix"):
        gather.explain_family(settings, USUAL, to=tmp_path / "keluarga.pdf")
    with pytest.raises(InputError, match="no released month"):
        gather.explain_family(Settings(home=tmp_path / "kosong"), USUAL)
    half = Settings(home=tmp_path / "separuh")
    half.warehouse(MONTH).parent.mkdir(parents=True)
    shutil.copy(settings.warehouse(MONTH), half.warehouse(MONTH))
    with connect(half.warehouse(MONTH)) as con:
        con.execute("drop table welfare.kelayakan")
    with pytest.raises(InputError, match="the ranking of month 2025-03 is not finished"):
        gather.explain_family(half, USUAL, MONTH)


# --- the sum


@pytest.mark.parametrize("wanted", [USUAL, GAPS, SHORT, NOWHERE, NO_TOILET, POOREST, STRANGE])
def test_the_terms_sum_to_the_score_of_the_month(settings, con, wanted):
    told = gather.explain_family(settings, wanted)
    (score,) = con.execute("select skor from welfare.skor where family_id = ?", [wanted]).fetchone()
    assert sum(term.contribution for term in told.terms) == pytest.approx(score, abs=1e-9)
    assert sum(term.contribution for term in told.ordered) == pytest.approx(told.score, abs=1e-9)
    assert told.average + sum(term.difference for term in told.terms) == pytest.approx(score, abs=1e-9)
    assert len({term.column for term in told.terms}) == len(told.terms)


def test_the_sum_says_its_model_and_survey(settings, usual):
    assert usual.model == "lengkap"
    assert usual.version.startswith("pmt-")
    assert usual.card["baris"] == 1500
    assert usual.survey == "referensi/susenas.csv (SHA-256 abababababab)"
    assert gather.explain_family(settings, SHORT).model == "ringkas"


def test_a_value_that_was_filled_in_says_so_and_with_what(settings):
    filled = {term.column: term for term in gather.explain_family(settings, GAPS).filled}
    assert set(filled) == {"lantai", "laptop"}
    assert filled["lantai"].value == "tidak diketahui / not known"
    assert "no source says it: rata-rata survei kabupaten/kota" in filled["lantai"].filled
    assert filled["lantai"].source == filled["lantai"].observed == ""
    (strange,) = gather.explain_family(settings, STRANGE).filled
    assert (strange.column, strange.value) == ("atap", "rumput")
    assert "the survey does not know the value" in strange.filled


def test_where_the_area_is_not_known_the_nation_fills_in(settings, tmp_path):
    home = Settings(home=tmp_path / "home")
    home.warehouse(MONTH).parent.mkdir(parents=True)
    shutil.copy(settings.warehouse(MONTH), home.warehouse(MONTH))
    with connect(home.warehouse(MONTH)) as con:
        con.execute("update marts.keluarga set lantai = null where family_id = ?", [NOWHERE])
        welfare.score(con)
    (filled,) = gather.explain_family(home, NOWHERE, MONTH).filled
    assert "survey average of the nation" in filled.filled


def test_every_fact_has_the_source_and_the_day_it_came_from(settings, usual):
    origin = {term.column: (term.source, term.observed) for term in usual.terms}
    assert origin["lantai"] == ("regsosek", "2022-10-15")
    assert origin["bab"] == ("dtks", "2021-06-01")
    assert origin["luas_per_kapita"] == ("regsosek", "2022-10-15")
    assert origin["pendidikan_krt"] == ("p3ke", "2023-01-09")
    assert origin["jumlah_anggota"] == ("daftar anggota / member lists: regsosek", "2022-10-15")
    assert all(source and day for column, (source, day) in origin.items() if column != "konstanta")
    toilet = {term.column: term for term in gather.explain_family(settings, NO_TOILET).terms}
    assert toilet["kloset"].source == "dtks", "that there is no bowl is said by there being no toilet"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("ac", True, "ada / yes"),
        ("bekerja_krt", False, "tidak / no"),
        ("lantai", "tanah", "tanah / earth"),
        ("pendidikan_krt", "3", "SMA / senior secondary"),
        ("pendidikan_krt", 3, "SMA / senior secondary"),
        ("porsi_anak", 0.25, "25 %"),
        ("luas_lantai", 1234.5, "1.234,5 m2"),
        ("umur_krt", 45, "45 tahun / years"),
        ("sapi", 2, "2"),
        ("ac", None, "tidak diketahui / not known"),
    ],
)
def test_values_are_read_out_in_words(column, value, expected):
    assert words.words(column, value) == expected


def test_numbers_are_written_as_indonesians_write_them():
    assert words.number(-0.06254, 3, signed=True) == "\u22120,063"
    assert words.number(-0.00001, 3, signed=True) == "0,000"
    assert words.effect(np.log(1.1)) == "+10 %"
    assert words.effect(-0.02) == "\u22122,0 %"
    assert words.rupiah(np.log(1_234_567)) == "Rp 1.230.000"


# --- the place


def test_deciles_and_chances_are_those_of_the_month(con, usual):
    row = con.execute(
        """select desil_nasional, desil_provinsi, desil_kabupaten_kota, peluang_desil_1_4, peluang_desil_ini
        from welfare.desil where family_id = ?""",
        [USUAL],
    ).fetchone()
    assert tuple(usual.deciles.values()) == row[:3]
    chances = dict(usual.chances)
    assert (chances["desil 1-4"], chances[f"desil {row[0]}"]) == row[3:]
    assert set(chances) == {"desil 1-4", *(f"desil {row[0] + step}" for step in (-1, 0, 1))}


def test_there_is_no_neighbour_below_the_first_decile(settings):
    assert [name for name, _ in gather.explain_family(settings, POOREST).chances] == ["desil 1-4", "desil 1", "desil 2"]


def test_the_place_is_counted_among_the_families_of_the_regency(con, usual):
    scores = con.execute(
        """select d.skor from welfare.desil as d inner join welfare.fitur_keluarga as f on d.family_id = f.family_id
        where f.kode_kabupaten = (select kode_kabupaten from welfare.fitur_keluarga where family_id = ?) order by 1""",
        [USUAL],
    ).fetchnumpy()["skor"]
    assert (usual.place.rank, usual.place.families) == (1 + (scores < usual.score).sum(), len(scores))
    assert usual.place.poorer == pytest.approx((scores < usual.score).mean())


def test_bars_of_fewer_than_ten_families_are_not_shown_and_the_others_are_rounded(con, settings, usual):
    assert None in usual.place.bars
    assert all(n >= 10 and n % 5 == 0 for n in usual.place.bars if n is not None)
    scores = con.execute("select min(skor), max(skor) from welfare.desil").fetchone()
    assert scores[0] < usual.place.low < usual.place.high < scores[1], "nobody's score is an end of the axis"
    assert gather.explain_family(settings, NOWHERE).place is None


# --- what would change the decile


@pytest.fixture(scope="module")
def few(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The month with fourteen families that differ by little, among whom every place counts."""
    few = Settings(home=tmp_path_factory.mktemp("sedikit") / "home")
    few.warehouse(MONTH).parent.mkdir(parents=True)
    shutil.copy(settings.warehouse(MONTH), few.warehouse(MONTH))
    with connect(few.warehouse(MONTH)) as con:
        con.execute("create or replace table marts.keluarga as from marts.keluarga where family_id = ?", [USUAL])
        con.execute(
            """create or replace table marts.keluarga as
            select k.* replace ('K' || lpad(cast(i as varchar), 16, '0') as family_id, 60 + 3 * i as luas_lantai)
            from marts.keluarga as k cross join range(20, 34) as r(i)"""
        )
        welfare.score(con)
        welfare.rank(con)
        welfare.apply_policies(con, MONTH)
    return few


def facts_of(con: duckdb.DuckDBPyConnection, wanted: str) -> dict[str, object]:
    found = con.execute("select * from marts.keluarga where family_id = ?", [wanted]).to_arrow_table().to_pylist()
    return dict(found[0])


def rerun(con: duckdb.DuckDBPyConnection, wanted: str, fact: str, value: object) -> tuple[float, int]:
    """Score and national decile of the family in a month where the fact is another one."""
    con.execute("begin")
    con.execute(f"update marts.keluarga set {fact} = ? where family_id = ?", [value, wanted])
    welfare.score(con)
    run_models(con, ["welfare.desil"])
    score, decile = con.execute(
        "select skor, desil_nasional from welfare.desil where family_id = ?", [wanted]
    ).fetchone()
    con.execute("rollback")
    return score, decile


def test_a_change_has_the_score_and_the_decile_of_a_month_run_with_it(few):
    told = [gather.explain_family(few, k(number), MONTH) for number in (20, 23, 26, 29, 33)]
    assert sum(len(one.changes) for one in told) > 10
    with copied(few) as con:
        for one in told:
            row = facts_of(con, one.family_id)
            assert sorted(one.changes, key=lambda change: abs(change.step)) == list(one.changes)
            assert len({change.fact for change in one.changes}) == len(one.changes) <= 3, "a fact is named once"
            for change in one.changes:
                assert change.now == words.words(change.fact, row[change.fact])
                assert change.other == words.words(change.fact, change.value)
                score, decile = rerun(con, one.family_id, change.fact, change.value)
                assert score - one.score == pytest.approx(change.step, abs=1e-9)
                assert decile == change.decile != one.decile


def test_no_smaller_step_moves_the_decile(few):
    told = gather.explain_family(few, k(25), MONTH)
    named = {change.fact for change in told.changes}
    largest = max(abs(change.step) for change in told.changes)
    moved = 0
    with copied(few) as con:
        row = facts_of(con, told.family_id)
        others = [(name, not row[name]) for name in ("ac", "emas", "laptop", "mobil", "motor")]
        others += [
            (name, value)
            for name in ("lantai", "dinding", "atap", "daya")
            for value in CATEGORIES[name]
            if value != row[name]
        ]
        for fact, value in others:
            score, decile = rerun(con, told.family_id, fact, value)
            if fact not in named and decile != told.decile:
                moved += 1
                assert abs(score - told.score) >= largest
    assert moved > 0


def test_where_fewer_than_three_facts_would_do_it_says_so(settings):
    told = gather.explain_family(settings, POOREST)
    assert (told.decile, told.changes) == (1, ())
    said = f"only 0 of {told.tried} facts would change the decile alone"
    assert said in " ".join(shown(told, 160).split())
    assert said in html(told)


def test_only_what_is_known_is_tried_out(settings):
    told = gather.explain_family(settings, SHORT)
    assert not {change.fact for change in told.changes} & {"luas_lantai", *ASSETS, *LIVESTOCK}
    assert told.tried < gather.explain_family(settings, USUAL).tried


# --- programmes


def test_programmes_are_those_of_the_month_with_the_way_to_their_cut_off(con, settings, usual):
    order = con.sql("select family_id, desil_nasional, skor from welfare.desil order by urutan_nasional").fetchall()
    for wanted in (USUAL, POOREST):
        told = gather.explain_family(settings, wanted)
        for programme in told.programmes:
            listed = con.execute(
                "select count(*) from welfare.kelayakan where family_id = ? and program = ?", [wanted, programme.name]
            ).fetchone()
            assert listed == (int(programme.reached),)
            inside = [score for _, decile, score in order if decile <= programme.highest]
            outside = [score for _, decile, score in order if decile > programme.highest]
            other = outside[0] if programme.reached else inside[-1]
            assert programme.margin == pytest.approx(other - told.score, abs=1e-9)
    assert [programme.name for programme in usual.programmes] == ["PBI-JK", "PKH", "Sembako"]
    assert usual.nearest.name == min(usual.programmes, key=lambda one: (abs(one.margin), one.name)).name


def test_a_programme_that_reaches_nobody_has_no_way_to_its_cut_off(settings, tmp_path):
    home = Settings(home=tmp_path / "home")
    home.warehouse(MONTH).parent.mkdir(parents=True)
    shutil.copy(settings.warehouse(MONTH), home.warehouse(MONTH))
    with connect(home.warehouse(MONTH)) as con:
        con.execute("delete from welfare.kelayakan where program = 'PKH'")
    told = gather.explain_family(home, USUAL, MONTH)
    (pkh,) = [programme for programme in told.programmes if programme.name == "PKH"]
    assert (pkh.reached, pkh.margin) == (False, None)
    assert words.standing(pkh) == "tidak dijangkau / not reached"
    assert not told.released
    assert "belum terbit" in html(told)
    assert "belum terbit" in shown(told, 100)


# --- what is shown


def shown(told: FamilyExplanation, width: int) -> str:
    console = Console(width=width, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115
    terminal.show_family(told, console)
    return console.export_text()


@pytest.mark.parametrize("width", [80, 160])
def test_the_text_fits_the_terminal_and_has_all_parts(settings, usual, width):
    text = shown(usual, width)
    assert max(map(len, text.splitlines())) <= width
    for expected in (USUAL, "nasional / nation", "jumlah / sum", usual.version, "urutan / rank", "batas terdekat"):
        assert expected in text
    gaps = shown(gather.explain_family(settings, GAPS), width)
    assert "tidak diketahui" in gaps
    assert "* diisi" in gaps


class Page(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("wanted", [USUAL, GAPS, NOWHERE, POOREST])
def test_the_page_stands_alone_runs_nothing_and_escapes_everything(settings, tmp_path, wanted):
    to = tmp_path / "keluarga.html"
    told = gather.explain_family(settings, wanted, to=to)
    text = to.read_text()
    page = Page(text)
    assert "&lt;b&gt;Sukamaju" in text
    assert "<b>Sukamaju" not in text
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href", "style")]
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"url\(|@import|https?:", text)
    assert all(term.value.replace(">", "&gt;") in text for term in told.terms)
    assert text.count('class="tanda">diisi') == len(told.filled)


def test_the_page_is_private_and_on_the_trail(settings, tmp_path):
    to = tmp_path / "keluarga.html"
    before = len(trail(settings))
    gather.explain_family(settings, f" {USUAL.lower()} ", to=to)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keluarga.html"]
    (line,) = trail(settings)[before:]
    assert (line["tindakan"], line["bulan"], line["keluarga"], line["berkas"]) == (
        "penjelasan",
        MONTH,
        USUAL,
        "keluarga.html",
    )
    assert audit.verify_chain(settings) == before + 1


def test_the_command_takes_the_family_either_way(settings, monkeypatch, tmp_path):
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(settings.home))
    home = ["--home", str(settings.home)]
    for arguments in ([USUAL], ["--family", USUAL]):
        assert "Skor sebagai jumlah" in CliRunner().invoke(app, ["explain", *arguments, *home]).output
    done = CliRunner().invoke(app, ["explain", "--family", USUAL, *home, "--to", str(tmp_path / "keluarga.html")])
    assert "1 keluarga / family" in done.output
    assert (tmp_path / "keluarga.html").exists()
    for arguments in ([], [PERSON, "--family", USUAL]):
        refused = CliRunner().invoke(app, ["explain", *arguments, *home]).exception
        assert isinstance(refused, InputError)
        assert "give one of the two" in str(refused)
