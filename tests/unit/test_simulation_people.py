"""What is true of the simulated people whatever the seed: even ages, whole names, any amount of damage."""

import csv
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation import ErrorMix, simulate
from dtsen_pipeline.simulation.dasar import ANAK, KEPALA, ORANG_TUA, PASANGAN, SETAHUN, cermin
from dtsen_pipeline.simulation.kalender import pecah, tanggal_tumpuk
from dtsen_pipeline.simulation.kerusakan import TANGGAL_NOL, Catatan, Perusak
from dtsen_pipeline.simulation.nama import rangkai
from dtsen_pipeline.simulation.penduduk import Penduduk, bangun_penduduk, beri_identitas
from dtsen_pipeline.simulation.tulisan import rusak_nama
from dtsen_pipeline.simulation.wilayah import bangun_wilayah

HARI = int(np.datetime64("2025-03-01", "D").astype(int))
TUMPUKAN = {(1, 1), (12, 31), (7, 1)}
LAJU = [f.name for f in fields(ErrorMix) if f.name != "rusak"]


@pytest.fixture(scope="module", params=[3, 21, 77])
def penduduk(request: pytest.FixtureRequest) -> Penduduk:
    p = bangun_penduduk(bangun_wilayah(), 40_000, request.param, HARI)
    beri_identitas(p, 0.012, 0.003, request.param)
    return p


def terbanyak(hari: np.ndarray) -> int:
    return int(np.unique(hari, return_counts=True)[1].max())


def test_no_birth_date_is_shared_by_more_people_than_chance_allows(penduduk: Penduduk) -> None:
    # 40,000 births over some 60 years: 1.4 a day, at the peak about 2.2.
    assert terbanyak(penduduk.orang.lahir) <= 16


def test_official_births_heap_on_the_days_that_registers_heap_on_and_no_others(penduduk: Penduduk) -> None:
    _, bulan, tanggal = pecah(penduduk.orang.lahir_resmi)
    tumpuk = np.array([b in TUMPUKAN for b in zip(bulan.tolist(), tanggal.tolist(), strict=True)])
    assert terbanyak(penduduk.orang.lahir_resmi[~tumpuk]) <= 16
    assert tumpuk.mean() > 4 * 3 / 365, "they do heap there"
    assert (penduduk.orang.lahir_resmi <= HARI).all()


@pytest.mark.parametrize("hubungan", range(1, 9))
def test_ages_do_not_heap_at_the_bounds_of_a_relation(penduduk: Penduduk, hubungan: int) -> None:
    umur = (HARI - penduduk.orang.lahir[penduduk.orang.hubungan == hubungan]) / SETAHUN
    _, banyak = np.unique(np.floor(umur * 12), return_counts=True)
    for ujung in (banyak[0], banyak[-1]):
        assert ujung <= 3 * np.median(banyak) + 12
    assert umur.min() >= {KEPALA: 18.99, PASANGAN: 17.49, ORANG_TUA: 16.99}.get(hubungan, 0)
    assert umur.max() < 99


def test_mothers_ages_at_birth_do_not_heap_at_the_lowest(penduduk: Penduduk) -> None:
    o = penduduk.orang
    anak = np.flatnonzero((o.hubungan == ANAK) & (o.ibu_orang >= 0))
    usia = o.lahir[anak] - o.lahir[o.ibu_orang[anak]]
    assert usia.min() >= 16 * SETAHUN
    assert terbanyak(usia) < 0.002 * len(usia)


def test_days_on_which_cards_were_issued_do_not_heap(penduduk: Penduduk) -> None:
    for kartu in (penduduk.keluarga.kk, penduduk.keluarga.kk_lama):
        assert terbanyak(np.array([k[6:12] for k in kartu.tolist()])) < 0.0025 * len(kartu)


def test_names_have_no_gap_and_no_word_taken_over_twice(penduduk: Penduduk) -> None:
    for nama in (penduduk.orang.nama, penduduk.orang.ibu):
        assert (nama[:, 0] >= 0).all()
        assert not ((nama[:, 1] < 0) & (nama[:, 2] >= 0)).any()
        assert not ((nama[:, 1] >= 0) & (nama[:, 1] == nama[:, 2])).any()


@settings(max_examples=25, deadline=None)
@given(laju=st.lists(st.floats(0, 1), min_size=len(LAJU), max_size=len(LAJU)), seed=st.integers(0, 2**32))
def test_any_mixture_of_damage_leaves_a_text_for_every_name(
    penduduk_kecil: Penduduk, laju: list[float], seed: int
) -> None:
    nama = penduduk_kecil.orang.nama
    campuran = ErrorMix(**dict(zip(LAJU, laju, strict=True)))
    hasil = rusak_nama(Perusak(campuran, np.full(len(nama), 3.0), np.random.default_rng(seed), Catatan()), nama)
    assert len(hasil) == len(nama) and hasil.null_count == 0
    assert all(hasil.to_pylist())


@pytest.fixture(scope="module")
def penduduk_kecil() -> Penduduk:
    p = bangun_penduduk(bangun_wilayah(), 1_500, 8, HARI)
    beri_identitas(p, 0.0, 0.0, 8)
    assert rangkai(p.orang.nama).null_count == 0
    return p


def test_the_last_word_of_every_name_can_go_missing(penduduk: Penduduk) -> None:
    campuran = ErrorMix(**dict.fromkeys(LAJU, 0.0) | {"nama_hilang": 1.0})
    nama = penduduk.orang.nama
    hasil = rusak_nama(Perusak(campuran, np.ones(len(nama)), np.random.default_rng(1), Catatan()), nama)
    dua = (nama >= 0).sum(1) > 1
    asli = np.array(rangkai(nama).to_pylist())
    # A last word that is an initial already (TEUKU M.) may be left as that initial.
    dua &= ~np.char.endswith(asli, ".")
    assert (np.array(hasil.to_pylist())[dua] != asli[dua]).all()


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_month_of_very_bad_rows_can_be_written(tmp_path: Path, seed: int) -> None:
    buruk = ErrorMix(**dict.fromkeys(LAJU, 0.35), rusak=0.05)
    laporan = simulate(1_200, seed, "2025-03", tmp_path / "landing", kesalahan=buruk, dukcapil=True)
    assert all(laporan.baris.values())


@given(
    nilai=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=50),
    bawah=st.floats(-100, 100),
    lebar=st.floats(0.5, 200),
)
def test_folding_keeps_what_lies_inside_and_brings_in_the_rest(nilai: list[float], bawah: float, lebar: float) -> None:
    x = np.array(nilai)
    hasil = cermin(x, bawah, bawah + lebar)
    assert (hasil >= bawah - 1e-9).all() and (hasil <= bawah + lebar + 1e-9).all()
    dalam = (x >= bawah) & (x <= bawah + lebar)
    assert np.allclose(hasil[dalam], x[dalam])


def test_heaped_dates_are_the_same_days_in_leap_years() -> None:
    hari = np.datetime64("1980-05-05", "D").astype(int) + np.arange(2_000)
    _, bulan, tanggal = pecah(tanggal_tumpuk(hari, [0.3, 0.3, 0.4], np.random.default_rng(1)))
    assert set(zip(bulan.tolist(), tanggal.tolist(), strict=True)) == TUMPUKAN


def kembar(p: Penduduk) -> tuple[np.ndarray, np.ndarray]:
    """Second- and third-born, and the first of their birth."""
    adik = np.flatnonzero(p.orang.kelahiran != np.arange(len(p.orang.lahir)))
    return adik, p.orang.kelahiran[adik]


def test_one_birth_in_eighty_is_of_twins_and_two_thirds_of_them_are_of_one_sex(penduduk: Penduduk) -> None:
    o = penduduk.orang
    adik, kakak = kembar(penduduk)
    kelahiran = (o.hubungan == ANAK).sum() - len(adik)
    assert 1 / 110 < len(adik) / kelahiran < 1 / 60
    assert 0.5 < (o.perempuan[adik] == o.perempuan[kakak]).mean() < 0.83
    for sama in (o.keluarga, o.lahir, o.lahir_resmi, o.kecamatan_lahir, o.suku, o.ibu_orang):
        assert (sama[adik] == sama[kakak]).all()
    assert (o.ibu[adik] == o.ibu[kakak]).all()


def test_most_twins_are_called_nearly_alike_and_none_quite_alike(penduduk: Penduduk) -> None:
    adik, kakak = kembar(penduduk)
    nama = rangkai(penduduk.orang.nama)
    pasang = pa.table({"a": nama.take(pa.array(adik)), "k": nama.take(pa.array(kakak))})
    jarak = duckdb.from_arrow(pasang).project("levenshtein(a, k) as jarak").fetchnumpy()["jarak"]
    assert jarak.min() >= 1
    assert 0.4 < (jarak <= 3).mean() < 0.75
    assert {1, 2, 3} <= set(jarak.tolist())


def test_twins_have_numbers_of_their_own_that_mostly_follow_each_other() -> None:
    p = bangun_penduduk(bangun_wilayah(), 40_000, 5, HARI)
    beri_identitas(p, 0.0, 0.0, 5)
    adik, kakak = kembar(p)
    nik = p.orang.nik.astype(np.int64)
    assert len(np.unique(nik)) == len(nik)
    sejenis = p.orang.perempuan[adik] == p.orang.perempuan[kakak]
    berurut = np.abs(nik[adik] - nik[kakak]) <= 2
    assert berurut[sejenis].mean() > 0.5


def test_twins_are_as_many_as_asked_for(tmp_path: Path) -> None:
    for twins, paling_sedikit, paling_banyak in ((0.0, 0, 8), (0.3, 250, 2_000)):
        laporan = simulate(4_000, 1, "2025-03", tmp_path / str(twins) / "landing", twins=twins)
        benar = pq.read_table(laporan.kebenaran / "orang.parquet").to_pandas().drop_duplicates("person_true")
        assert paling_sedikit <= (benar.birth_true != benar.person_true).sum() <= paling_banyak
    with pytest.raises(InputError, match="births of twins"):
        simulate(4_000, 1, "2025-03", tmp_path / "landing", twins=0.7)


@pytest.fixture(scope="module")
def bersih(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Rows of a clean month with their truth: tables `regsosek` and `dtks`."""
    to = tmp_path_factory.mktemp("bersih") / "landing"
    laporan = simulate(20_000, 4, "2025-03", to, kesalahan=ErrorMix().tanpa())
    with duckdb.connect() as con:
        for sumber, kunci in (("regsosek", "id_anggota"), ("dtks", "idartbdt")):
            con.execute(
                f"""
                create table {sumber} as
                select * from read_csv('{to}/2025-03/{sumber}/anggota.csv', all_varchar = true) as a
                inner join '{laporan.kebenaran}/orang.parquet' as b on b.source = '{sumber}' and b.record_id = a.{kunci}
                """
            )
        yield con


def test_some_husbands_head_two_cards_at_two_addresses_and_live_in_one_family(
    bersih: duckdb.DuckDBPyConnection,
) -> None:
    dua = bersih.execute(
        """
        select person_true, count(distinct family_true), count(distinct id_keluarga)
        from regsosek
        where kd_hubungan_keluarga = '1' and kd_jenis_kelamin = '1'
        group by person_true having count(distinct id_keluarga) > 1
        """
    ).fetchall()
    assert 10 < len(dua) < 80
    assert {(keluarga, kartu) for _, keluarga, kartu in dua} == {(1, 2)}
    lain = bersih.execute(
        """
        select count(*), count(*) filter (s.kd_hubungan_keluarga = '2'), count(*) filter (s.kd_hubungan_keluarga = '3')
        from regsosek as a
        inner join regsosek as s on a.id_keluarga = s.id_keluarga and a.family_true <> s.family_true
        where a.kd_hubungan_keluarga = '1' and a.kd_jenis_kelamin = '1'
        """
    ).fetchone()
    assert lain and lain[1] >= 10 and lain[2] >= 10, "the second wife and her children are another family"


def test_families_that_died_out_stay_on_a_list(bersih: duckdb.DuckDBPyConnection) -> None:
    habis = bersih.execute(
        "select count(*) from (select idbdt from dtks group by idbdt having bool_and(sta_keberadaan_art = '2'))"
    ).fetchone()
    assert habis and habis[0] >= 2


def test_a_date_that_was_never_entered_leaves_the_age_that_was_asked(tmp_path: Path) -> None:
    simulate(6_000, 4, "2025-03", tmp_path / "landing", kesalahan=replace(ErrorMix().tanpa(), tgl_nol=0.02))
    with (tmp_path / "landing/2025-03/regsosek/anggota.csv").open(encoding="utf-8", newline="") as f:
        nol = [b for b in csv.DictReader(f) if b["tgl_lahir"].encode() in TANGGAL_NOL]
    assert 50 < len(nol) < 250
    assert len({b["tgl_lahir"] for b in nol}) > 2
    assert len({b["umur"] for b in nol}) > 20
