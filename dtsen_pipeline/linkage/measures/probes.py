"""Measure the linkage without a known truth, by questions whose answer is known all the same.

What belongs here: experiments on samples of the month, each with the assumption it rests on.

- *Unlinkable*: a node whose weight with its own copy stays below the threshold. Whatever it is compared with, it cannot be found.
- *Held-out NIK*: records that share a NIK and a first name or birth date are one person. With the NIK hidden from blocking and
  scoring, the share still found estimates recall for people without one. It flatters as far as people without a NIK have worse
  records in other columns too.
- *Planted duplicates*: nodes copied, damaged in a known way, and looked for. Recall by kind of damage, if damage is like this.
- *Impossible pairs*: two members of one family record who differ in relation and sex or age, and people of two provinces with two
  NIKs in good order and two birth dates. What scores above the threshold all the same is a false match.

A pair counts as found where its nodes share a blocking key that makes pairs, and its weight is above the threshold. In the month
itself, chains over a third record, the second pass inside families and the constraints of clustering come on top; so recall is a
lower bound, and of the impossible pairs fewer end in one person than score as one (both are measured).

Samples go by hashes of record names, so that every month tries the same records in the same way.
"""

from __future__ import annotations

import duckdb
import sqlglot
from sqlglot import exp

from dtsen_pipeline.linkage import scoring
from dtsen_pipeline.linkage.measures.intervals import BUCKETS, Measure, measure_shares
from dtsen_pipeline.linkage.model import THRESHOLD, frequency_floors
from dtsen_pipeline.sql.macros import expand
from dtsen_pipeline.sql.models import load_models
from dtsen_pipeline.sql.queries import make_table, query

# Nodes of the sample. Shares then have a margin of half a percent, and scoring them takes about a second.
SAMPLE = 20_000

# Node numbers of copies, far above those of the month.
_COPY, _PLANTED, _HIDDEN = 10**12, 2 * 10**12, 3 * 10**12

_NIK_DAMAGED, _UNDAMAGED = "satu angka NIK salah", "tanpa kerusakan lain"

# Kind of damage: whom it can happen to, and the columns of the table ``asli`` that it changes. What is derived from a damaged value
# changes with it. In Python, since these make the columns of one SELECT a kind.
_DAMAGE = {
    "nama salah ketik": (
        "length(nama_depan) > 3 and salah <> nama_depan",
        """concat(salah, substr(nama, length(nama_depan) + 1)) as nama,
        salah as nama_depan,
        case when nama_kunci = nama_kerangka(nama_depan) then nama_kerangka(salah) else nama_kunci end as nama_kunci,
        concat(salah, substr(nama_rapat, length(nama_depan) + 1)) as nama_rapat,
        array_to_string(list_sort(string_split(concat(salah, substr(nama, length(nama_depan) + 1)), ' ')), ' ') as nama_urut""",
    ),
    "hanya nama depan": (
        "nama_akhir is not null",
        """nama_depan as nama,
        cast(null as varchar) as nama_akhir,
        nama_kerangka(nama_depan) as nama_kunci,
        nama_depan as nama_rapat,
        nama_depan as nama_urut""",
    ),
    "hari dan bulan tertukar": (
        "presisi = 'hari' and hari <= 12 and hari <> bulan",
        "make_date(tahun, hari, bulan) as tgl_lahir, hari as bulan, bulan as hari",
    ),
    "hanya tahun lahir": (
        "presisi = 'hari'",
        "make_date(tahun, 1, 1) as tgl_lahir, 'tahun' as presisi, 1 as bulan, 1 as hari, 0 as tumpuk",
    ),
    "pindah desa dan kartu": (
        "desa is not null and desa_lain is distinct from desa",
        """kk_lain as kk, kk_lain as kk2, desa_lain as desa, desa_lain as desa2, kecamatan_lain as kecamatan,
        kabupaten_lain as kabupaten, alamat_lain as alamat""",
    ),
    _NIK_DAMAGED: (
        "nik is not null",
        """concat(
            left(nik, letak - 1), cast((cast(substr(nik, letak, 1) as integer) + 1 + hash(wakil, 'angka') % 9) % 10 as varchar),
            substr(nik, letak + 1)) as nik,
        case when letak between 7 and 12 then 0 else cocok end as cocok""",
    ),
    _UNDAMAGED: ("nik is not null", ""),
}
_WITHOUT_NIK = "cast(null as varchar) as nik, cast(null as integer) as cocok"


def run_experiments(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Every measure that needs pairs of its own: unlinkable, held-out NIK, planted, impossible. Leaves nothing behind."""
    make_table(con, "contoh", "measures/contoh", besar=SAMPLE)
    make_table(con, "uji_simpul", "measures/uji_simpul")
    make_table(con, "uji_pasangan", "measures/uji_pasangan", salinan=_COPY, ember=BUCKETS)
    con.execute(f"insert into uji_simpul by name select * replace (unique_id + {_COPY} as unique_id) from uji_simpul")
    _plant_duplicates(con)
    _hide_niks(con)
    _set_frequencies(con)
    _search_pairs(con)
    measured = measure_shares(
        con, "measures/tak_tertaut", "simpul dibandingkan dengan salinannya / nodes against their own copies"
    )
    measured += measure_shares(
        con,
        "measures/recall_nik_ditahan",
        "pasangan ber-NIK sama, NIK disembunyikan / pairs of one NIK, the NIK hidden",
    )
    measured += measure_shares(
        con, "measures/recall_tanaman", "salinan yang sengaja dirusak / copies damaged on purpose"
    )
    measured += _measure_impossible(con)
    con.execute("drop table contoh; drop table uji_simpul; drop table uji_pasangan; drop table uji_hasil")
    return measured


def _plant_duplicates(con: duckdb.DuckDBPyConnection) -> None:
    """Add copies of the sample, each damaged in one way, every other one without its NIK as well."""
    kinds = [(kind, without_nik) for kind in _DAMAGE for without_nik in (False, True)]
    # A copy without damage proves nothing, and a NIK that is gone cannot be damaged.
    kinds = [pair for pair in kinds if pair not in ((_UNDAMAGED, False), (_NIK_DAMAGED, True))]
    make_table(con, "asli", "measures/asli", jenis=len(kinds))
    columns = ", ".join(row[0] for row in con.execute("describe linkage.simpul").fetchall())
    for number, (kind, without_nik) in enumerate(kinds):
        possible, changes = _DAMAGE[kind]
        parts = (f"unique_id + {_PLANTED} as unique_id", changes, _WITHOUT_NIK if without_nik else "")
        damaged = expand(
            f"""
            select * replace ({", ".join(part for part in parts if part)}) from asli
            where kerusakan = {number} and {possible}{" and nik is not null" if without_nik else ""}
            """
        )
        con.execute(f"create or replace temp table rusak as {damaged}")
        con.execute(f"insert into uji_simpul by name select {columns} from rusak")
        con.execute(
            f"insert into uji_pasangan select 'tanam', ?, unique_id - {_PLANTED}, unique_id, hash(wakil) % {BUCKETS} from rusak",
            [f"kerusakan={kind}{', tanpa NIK' if without_nik else ''}"],
        )
    con.execute("drop table asli; drop table rusak")


def _hide_niks(con: duckdb.DuckDBPyConnection) -> None:
    """Add records of two sources that share a NIK, as nodes without one."""
    make_table(con, "tersembunyi", "measures/tersembunyi", tersembunyi=_HIDDEN, satu_dari=_one_in(con))
    pairs, nodes = query("measures/pasangan_nik"), query("measures/simpul_tersembunyi")
    con.execute(f"insert into uji_pasangan by name {pairs}", {"ember": BUCKETS})
    con.execute(f"insert into uji_simpul by name {nodes}")
    con.execute("drop table tersembunyi")


def _set_frequencies(con: duckdb.DuckDBPyConnection) -> None:
    """Set how common each value of the test nodes is in the month: a damaged copy has other values than its original."""
    # One statement a column.
    for column in frequency_floors():
        con.execute(
            f"""
            update uji_simpul
            set tf_{column} = coalesce(
                (select f.tf from linkage.frekuensi as f where f.kolom = '{column}' and f.nilai = uji_simpul.{column}), 0.0)
            where {column} is not null
            """
        )


def _one_in(con: duckdb.DuckDBPyConnection) -> int:
    """Of how many records one makes a sample. As a number in the query, DuckDB can leave the others out while it reads."""
    count = con.execute("select count(*) from linkage.simpul_rekaman").fetchone()
    assert count is not None
    return max(int(count[0]) // SAMPLE, 1)


def _keys_of(nodes: str) -> str:
    """The query of the model ``linkage.kunci_blok``, over the table ``nodes`` in place of ``linkage.simpul``."""

    def swap(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Table) and (node.db, node.name) == ("linkage", "simpul"):
            return exp.to_table(nodes)
        return node

    return sqlglot.parse_one(load_models()["linkage.kunci_blok"].expanded, read="duckdb").transform(swap).sql("duckdb")


def _search_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Make temp table ``uji_hasil``: the pairs of ``uji_pasangan``, whether blocking brings them together, and their weight.

    Columns: those of ``uji_pasangan``, terblok, bobot (log2; NULL below the threshold).

    A block counts as too large by the month's own nodes. (The two nodes of a pair are among them already, but for a planted copy: a
    block may be one node larger than the cap allows.)
    """
    con.execute(f"create or replace temp table uji_kunci as {_keys_of('uji_simpul')}")
    make_table(con, "uji_terblok", "measures/uji_terblok")
    make_table(con, "uji_calon", "measures/uji_calon")
    scoring.score(con, "uji_calon", "uji_bobot", THRESHOLD, nodes="uji_simpul")
    make_table(con, "uji_hasil", "measures/uji_hasil")
    con.execute("drop table uji_kunci; drop table uji_terblok; drop table uji_calon; drop table uji_bobot")


def _measure_impossible(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Measure which share of the pairs that cannot be one person scores above the threshold, and which ended in one person."""
    make_table(con, "mustahil", "measures/mustahil", satu_dari=_one_in(con))
    make_table(con, "orang_mustahil", "measures/orang_mustahil")
    basis = "pasangan yang mustahil satu orang / pairs that cannot be one person"
    measured = measure_shares(con, "measures/mustahil_terskor", basis, ember=BUCKETS, ambang=THRESHOLD)
    measured += measure_shares(con, "measures/mustahil_tergabung", basis, ember=BUCKETS)
    con.execute("drop table mustahil; drop table orang_mustahil")
    return measured
