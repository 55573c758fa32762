"""Measures of linkage say what counting pairs by hand says, their intervals hold, and each experiment can come out badly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from raw_fixture import Row, warehouse

from dtsen_pipeline.linkage import identity, link
from dtsen_pipeline.linkage.measures import evaluation, truth
from dtsen_pipeline.linkage.measures.intervals import BUCKETS, interval, share
from dtsen_pipeline.storage.keys import Keys

Found = dict[tuple[str, str], float]


# --- intervals ----------------------------------------------------------------------------------------------------------------


def test_equal_buckets_give_the_textbook_interval_of_a_mean() -> None:
    wrong = np.tile([0.0, 1.0, 2.0, 3.0, 4.0], BUCKETS // 5)
    value, low, high = interval(np.stack([wrong, np.full(BUCKETS, 10.0)], axis=1)) or (0, 0, 0)
    error = (wrong / 10).std(ddof=1) / np.sqrt(BUCKETS)
    assert value == pytest.approx(0.2)
    assert (low, high) == pytest.approx((0.2 - 2.01 * error, 0.2 + 2.01 * error))


def test_nineteen_in_twenty_intervals_hold_the_true_share_though_errors_come_in_clumps() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        # 2,000 components of ten pairs; in 3 % of them every pair is wrong.
        wrong = rng.random(2000) < 0.03
        buckets = np.stack([np.bincount(np.arange(2000) % BUCKETS, 10.0 * wrong), np.full(BUCKETS, 400.0)], axis=1)
        _, low, high = interval(buckets) or (0, 0, 0)
        assert low is not None and high is not None
        held += low <= 0.03 <= high
    assert 0.91 <= held / 400 <= 0.98


@pytest.mark.parametrize(("right", "bounds"), [(100.0, (0.96, 1.0)), (0.0, (0.0, 0.04))])
def test_no_fault_among_few_is_not_certainty(right: float, bounds: tuple[float, float]) -> None:
    buckets = np.zeros((BUCKETS, 2))
    buckets[0] = right, 100.0
    _, low, high = interval(buckets) or (0, None, None)
    assert (low, high) == pytest.approx(bounds, abs=0.005)


def test_of_nothing_there_is_no_share() -> None:
    assert interval(np.zeros((BUCKETS, 2)), share) is None


# --- against a truth ----------------------------------------------------------------------------------------------------------


def by_hand(found: list[int], true: list[int]) -> dict[str, float]:
    """The measures of one grouping against another, counted record by record and pair by pair."""
    both, claimed, actual = (
        sum(test(i, j) for i, j in combinations(range(len(found)), 2))
        for test in (
            lambda i, j: found[i] == found[j] and true[i] == true[j],
            lambda i, j: found[i] == found[j],
            lambda i, j: true[i] == true[j],
        )
    )
    cells, f, t = Counter(zip(found, true, strict=True)), Counter(found), Counter(true)
    records = list(zip(found, true, strict=True))
    p3 = float(np.mean([cells[cell] / f[cell[0]] for cell in records]))
    r3 = float(np.mean([cells[cell] / t[cell[1]] for cell in records]))
    exact = sum(n == f[a] == t[b] for (a, b), n in cells.items())
    return {
        "presisi": both / claimed,
        "recall": both / actual,
        "f1": 2 * both / (claimed + actual),
        "presisi_b3": p3,
        "recall_b3": r3,
        "f1_b3": 2 * p3 * r3 / (p3 + r3),
        "utuh": exact / len(t),
        "tepat": exact / len(f),
    }


@pytest.fixture
def grouped(tmp_path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path, list[int], list[int]]]:
    """400 records in random true clusters, found with some splits and merges; record i is node i, and every node its own block."""
    rng = np.random.default_rng(11)
    true = rng.integers(0, 150, 400)
    found = np.where(rng.random(400) < 0.15, rng.integers(0, 170, 400), true) + 1000
    number = np.arange(400)
    file = tmp_path / "orang.parquet"
    pq.write_table(
        pa.table(
            {
                "source": ["dtks"] * 400,
                "record_id": [str(i) for i in number],
                "person_true": true,
                "family_true": true // 3,
            }
        ),
        file,
    )
    with warehouse() as con:
        con.register(
            "r",
            pa.table(
                {"record_uid": [f"dtks:{i}" for i in number], "node_id": number, "orang": found, "jk": number % 2}
            ),
        )
        con.execute("create table linkage.orang as select record_uid, node_id, orang from r")
        con.execute("create table linkage.keluarga_orang as select distinct orang, 540 - orang // 2 as keluarga from r")
        con.execute(
            """
            create table intermediate.int_person_record as
            select record_uid, '35' as kode_provinsi, case jk when 0 then 'L' else 'P' end as jenis_kelamin, 1980 as tahun_lahir,
                1 as jumlah_kata, null as nik
            from r
            """
        )
        con.execute(
            "create table intermediate.int_wilayah__aktif as select '35' as kode_kemendagri, 'Jawa Timur' as nama"
        )
        con.execute("create table linkage.kunci_blok (node_id bigint, aturan tinyint, kunci ubigint)")
        con.execute("create table linkage.blok (aturan tinyint, kunci ubigint, jumlah bigint, dipakai boolean)")
        con.execute("create table linkage.pasangan_sisa (join_key_l bigint, join_key_r bigint)")
        yield con, file, found.tolist(), true.tolist()


def measured(con: duckdb.DuckDBPyConnection, file: Path) -> Found:
    return {(m.ukuran, m.kelompok): m.nilai for m in truth.measure_against_truth(con, file)}


def test_measures_of_persons_are_those_counted_by_hand(
    grouped: tuple[duckdb.DuckDBPyConnection, Path, list[int], list[int]],
) -> None:
    con, file, found, true = grouped
    told = measured(con, file)
    for name, value in by_hand(found, true).items():
        assert told[f"{name}_orang", "semua"] == pytest.approx(value), name
    for name, value in by_hand([540 - a // 2 for a in found], [b // 3 for b in true]).items():
        assert told[f"{name}_keluarga", "semua"] == pytest.approx(value), name
    assert told["presisi_orang", "provinsi=Jawa Timur"] == pytest.approx(told["presisi_orang", "semua"])


def test_numbers_of_families_may_be_negative(
    grouped: tuple[duckdb.DuckDBPyConnection, Path, list[int], list[int]],
) -> None:
    con, file, found, true = grouped
    # Nearly all right: families that are just a true one stand in no component but their own.
    persons = [one if i % 40 == 0 else 1000 + true[i] for i, one in enumerate(found)]
    con.register("baru", pa.table({"node_id": range(400), "orang": persons}))
    con.execute("update linkage.orang as o set orang = b.orang from baru as b where o.node_id = b.node_id")
    con.execute(
        "create or replace table linkage.keluarga_orang as select distinct orang, -((orang - 1000) // 3) as keluarga from baru"
    )
    told = measured(con, file)
    for name, value in by_hand([-((a - 1000) // 3) for a in persons], [b // 3 for b in true]).items():
        assert told[f"{name}_keluarga", "semua"] == pytest.approx(value), name


def test_a_group_is_measured_by_the_pairs_that_touch_it(
    grouped: tuple[duckdb.DuckDBPyConnection, Path, list[int], list[int]],
) -> None:
    con, file, found, true = grouped
    told = measured(con, file)
    women = range(1, 400, 2)
    claimed = [(i, j) for i in women for j in range(400) if i != j and found[i] == found[j]]
    right = sum(true[i] == true[j] for i, j in claimed)
    assert told["presisi_orang", "jk=P"] == pytest.approx(right / len(claimed))
    assert ("presisi_orang", "jk=tidak diketahui") not in told


def test_every_value_lies_in_its_interval_and_the_order_of_rows_does_not_matter(
    grouped: tuple[duckdb.DuckDBPyConnection, Path, list[int], list[int]],
) -> None:
    con, file, *_ = grouped
    told = truth.measure_against_truth(con, file)
    assert all(m.bawah is not None and m.atas is not None and m.bawah <= m.nilai <= m.atas for m in told)
    pq.write_table(pq.read_table(file).take(list(reversed(range(400)))), file)
    again = truth.measure_against_truth(con, file)
    assert [m[:2] for m in again] == [m[:2] for m in told]
    assert [m.bawah for m in again] == pytest.approx([m.bawah for m in told])


def test_recall_of_blocking_counts_what_the_cap_and_the_second_pass_change(
    grouped: tuple[duckdb.DuckDBPyConnection, Path, list[int], list[int]],
) -> None:
    con, file, _, true = grouped
    pairs = [(i, j) for i, j in combinations(range(400), 2) if true[i] == true[j]]
    assert measured(con, file)["recall_blok", "semua"] == 0.0
    # A quarter shares a key that makes pairs, a quarter one that is too large, a quarter is left to the second pass.
    for rule, (i, j) in enumerate(pairs):
        if rule % 4 < 2:
            con.execute("insert into linkage.blok values (?, ?, 2, ?)", [1 + rule % 4, rule, rule % 4 == 0])
            con.execute(
                "insert into linkage.kunci_blok values (?, ?, ?), (?, ?, ?)",
                [i, 1 + rule % 4, rule, j, 1 + rule % 4, rule],
            )
        elif rule % 4 == 2:
            con.execute("insert into linkage.pasangan_sisa values (?, ?)", [i, j])
    told = measured(con, file)
    quarters = Counter(rule % 4 for rule in range(len(pairs)))
    assert told["recall_blok_tahap_satu", "semua"] == pytest.approx(quarters[0] / len(pairs))
    assert told["recall_blok", "semua"] == pytest.approx((quarters[0] + quarters[2]) / len(pairs))
    assert told["recall_blok_tanpa_batas", "semua"] == pytest.approx(1 - quarters[3] / len(pairs))
    assert told["recall_hanya_aturan", "aturan=nik"] == pytest.approx(quarters[0] / len(pairs))
    assert told["recall_aturan", "aturan=nama_tgl"] == 0.0


# --- without a truth ----------------------------------------------------------------------------------------------------------

FIRST = ("BUDI", "SITI", "JOKO", "RATNA", "WAYAN", "DEWI", "AGUS", "MARIA", "YUSUF", "LESTARI")
LAST = ("SANTOSO", "AMINAH", "HARAHAP", "PRATAMA", "WIBOWO", "SIREGAR", "HANDAYANI", "NUGROHO")


def households(count: int) -> dict[str, list[Row]]:
    """``count`` families of father and daughter, in two villages and two sources that differ in one letter of each name."""
    tables: dict[str, list[Row]] = {
        name: [] for name in ("dtks_rumah_tangga", "dtks_anggota", "regsosek_keluarga", "regsosek_anggota")
    }
    for n in range(count):
        kk = f"3519140101{n % 90 + 10:02d}{n + 1:04d}"
        tables["dtks_rumah_tangga"].append({"idbdt": f"D{n}", "nokk": kk, "kddesa": f"00{6 + n % 2}"})
        tables["regsosek_keluarga"].append({"id_keluarga": f"R{n}", "no_kk": kk, "kode_desa": f"00{6 + n % 2}"})
        for member, (sex, year) in enumerate(((1, 1950 + n % 30), (2, 1985 + n % 25))):
            month, day = 1 + n % 12, 1 + n % 28
            nik = f"351914{day + 40 * member:02d}{month:02d}{year % 100:02d}{n + 1:04d}"
            name = f"{FIRST[(n + member) % 10]} {LAST[(n // 10 + member) % 8]}"
            born = f"{year}-{month:02d}-{day:02d}"
            tables["dtks_anggota"].append(
                {
                    "idartbdt": f"DA{n}-{member}",
                    "idbdt": f"D{n}",
                    "nik": nik,
                    "nama": name,
                    "tgllahir": born,
                    "nokk": kk,
                }
                | {"jnskel": str(sex), "hub_krt": "1" if member == 0 else "3"}
            )
            tables["regsosek_anggota"].append(
                {
                    "id_anggota": f"RA{n}-{member}",
                    "id_keluarga": f"R{n}",
                    "nik": nik,
                    "nama": f"{name}S",
                    "tgl_lahir": born,
                }
                | {"kd_jenis_kelamin": str(sex), "kd_hubungan_keluarga": "1" if member == 0 else "3"}
            )
    return tables


@pytest.fixture(scope="module")
def linked() -> Iterator[duckdb.DuckDBPyConnection]:
    """120 families, linked by the real models."""
    models = ["intermediate.int_person_record", "intermediate.int_family_record", "intermediate.int_wilayah__aktif"]
    with warehouse(households(120), models=models) as con:
        link(con, "2025-03")
        nobody = pa.table(
            {name: pa.array([], pa.string()) for name in ("source", "record_id", "person_id", "family_id")}
        )
        identity.keep_previous(con, nobody, nobody)
        identity.assign(con, Keys("luar", bytes(32)))
        yield con


@pytest.fixture
def month(linked: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The linked month, for one test to spoil."""
    linked.begin()
    yield linked
    linked.rollback()


def evaluated(con: duckdb.DuckDBPyConnection, landing: Path) -> Found:
    evaluation.write_evaluation(con, landing, "2025-03")
    rows = con.execute("select ukuran, kelompok, nilai from linkage.evaluasi").fetchall()
    found = {(ukuran, kelompok): nilai for ukuran, kelompok, nilai in rows}
    assert len(found) == len(rows), "a measure of a group stands once"
    return found


def test_a_month_without_truth_is_measured_by_experiments(month: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    told = evaluated(month, tmp_path / "landing")
    assert ("f1_orang", "semua") not in told
    assert told["recall_perkiraan", "semua"] == 1.0
    assert told["presisi_perkiraan", "semua"] > 0.9
    assert told["tak_tertaut", "semua"] == 0.0
    assert told["recall_nik_ditahan", "semua"] > 0.95
    assert told["recall_tanaman", "semua"] > 0.8
    assert told["mustahil_terskor", "jenis=serumah"] == told["mustahil_tergabung", "jenis=serumah"] == 0.0
    assert told["rekaman_per_orang", "semua"] == 2.0
    kinds = [group for name, group in told if name == "recall_tanaman" and group != "semua"]
    assert len(kinds) == 12 and "kerusakan=nama salah ketik, tanpa NIK" in kinds


def test_measuring_twice_says_the_same_and_leaves_nothing_behind(
    month: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    before = month.execute("select table_schema, table_name from information_schema.tables order by all").fetchall()
    first = evaluated(month, tmp_path / "landing")
    after = month.execute("select table_schema, table_name from information_schema.tables order by all").fetchall()
    assert set(after) - set(before) == {("linkage", "evaluasi")}
    assert evaluated(month, tmp_path / "landing") == first


def test_the_truth_beside_the_landing_zone_is_used(month: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = evaluation.truth_file(tmp_path / "landing", "2025-03")
    file.parent.mkdir(parents=True)
    month.execute(
        f"""copy (
            select source, record_id, regexp_replace(record_id, '^[A-Z]+', '') as person_true,
                split_part(regexp_replace(record_id, '^[A-Z]+', ''), '-', 1) as family_true
            from intermediate.int_person_record
        ) to '{file}' (format parquet)"""
    )
    told = evaluated(month, tmp_path / "landing")
    assert told["f1_orang", "semua"] == told["f1_keluarga", "semua"] == told["recall_blok", "semua"] == 1.0
    assert {"jk=L", "umur=18-59", "nik=ada", "nama_tunggal=tidak", "provinsi=Jawa Timur"} <= {
        group for _, group in told
    }


def test_what_blocking_does_not_bring_together_is_not_found(month: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    before = evaluated(month, tmp_path / "landing")
    month.execute("update linkage.blok set dipakai = false")
    told = evaluated(month, tmp_path / "landing")
    assert told["recall_nik_ditahan", "semua"] == 0.0
    # Keys that no two nodes of the month share still find a planted copy: those blocks are not too large.
    assert told["recall_tanaman", "semua"] < before["recall_tanaman", "semua"] - 0.2
    assert told["tak_tertaut", "semua"] == 0.0, "a node is compared with its copy whatever the blocks are"


def test_with_the_nik_hidden_those_whom_nothing_else_joins_are_not_found(
    month: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    month.execute(
        """update intermediate.int_person_record set kk = null, kode_desa = null, kode_kecamatan = null, tgl_lahir = null,
        tahun_lahir = null, tgl_lahir_presisi = null where source = 'regsosek'"""
    )
    assert evaluated(month, tmp_path / "landing")["recall_nik_ditahan", "semua"] == 0.0


def test_a_node_that_says_nothing_cannot_be_linked(month: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for column in (
        "nik",
        "nama_rapat",
        "nama_kunci",
        "tahun",
        "presisi",
        "kk",
        "kk2",
        "desa",
        "desa2",
        "tempat_lahir",
        "nama",
    ):
        month.execute(f"update linkage.simpul set {column} = null where unique_id % 10 = 0")
    nodes, silent = month.execute(
        "select count(*), count(*) filter (where unique_id % 10 = 0) from linkage.simpul"
    ).fetchone()
    assert evaluated(month, tmp_path / "landing")["tak_tertaut", "semua"] == pytest.approx(silent / nodes)


def test_father_and_daughter_scored_or_made_one_are_seen(month: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    pair = month.execute(
        """select a.node_id, b.node_id from linkage.orang as a inner join linkage.orang as b on a.node_id < b.node_id
        where a.record_uid in ('dtks:DA7-0', 'dtks:DA7-1') and b.record_uid in ('dtks:DA7-0', 'dtks:DA7-1')"""
    ).fetchone()
    month.execute("insert into linkage.pasangan (node_l, node_r, match_weight) values (?, ?, 9.0)", pair)
    told = evaluated(month, tmp_path / "landing")
    assert told["mustahil_terskor", "jenis=serumah"] > told["mustahil_tergabung", "jenis=serumah"] == 0.0
    month.execute("update linkage.orang set orang = -1 where node_id in (?, ?)", pair)
    assert evaluated(month, tmp_path / "landing")["mustahil_tergabung", "jenis=serumah"] > 0.0


def test_what_reviewers_found_stands_beside_the_other_estimates(
    month: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        evaluation.estimates,
        "estimate_from_reviews",
        lambda con: [("presisi_tinjauan", 0.97, 0.95, 0.99, "60 pasangan / pairs")],
    )
    evaluation.write_evaluation(month, tmp_path / "landing", "2025-03")
    rows = month.execute("select * from linkage.evaluasi where ukuran = 'presisi_tinjauan'").fetchall()
    assert rows == [("presisi_tinjauan", "semua", 0.97, 0.95, 0.99, "60 pasangan / pairs")]


def test_a_nik_on_two_persons_lowers_the_estimated_recall(month: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    month.execute("update linkage.orang set orang = 10000 + orang where record_uid like 'regsosek:RA_-%'")
    told = evaluated(month, tmp_path / "landing")
    assert told["recall_perkiraan", "semua"] == pytest.approx(110 / 120)
