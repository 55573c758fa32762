"""Preparing what is linked: every set once, into one DuckDB file that all contenders read.

What belongs here: which sets there are and how each becomes ``intermediate.int_person_record``,
``intermediate.int_family_record`` and ``kebenaran`` (record_uid, person_true, family_true; of months also birth_true, one number
for twins). Months go through the contract
reader and the SQL models like any delivery; the flat files of ``registers`` are mapped to the same columns, their names
standardised by the same model.
"""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import dataclass, fields, replace
from pathlib import Path

import duckdb

from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.contracts import model as contracts
from dtsen_pipeline.contracts import reader
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.linkage.measures.evaluation import truth_file
from dtsen_pipeline.simulation import simulate
from dtsen_pipeline.simulation.composition import TWIN_SHARE
from dtsen_pipeline.simulation.damage import ErrorMix
from dtsen_pipeline.sql.macros import expand
from dtsen_pipeline.sql.models import load_models, load_seeds, run_models
from dtsen_pipeline.storage.warehouse import scratch

MONTH, MODEL_MONTH = "2025-03", "2025-02"
# Fewer give too few records to train on.
LEAST_MODEL_PERSONS = 11_000
SEED, MODEL_SEED = 909, 505
# Parameters were chosen on the default mix: the measured months are damaged by a third more.
HARSHER = 1.3


@dataclass(frozen=True)
class Dataset:
    """A set of records that is linked.

    ``kind`` is ``own`` or ``foreign`` (a month of ``persons`` people, from ``seed``) or ``register`` (a flat file ``flat``).
    ``number`` says whether a national number is in it, ``twins`` the share of births of twins in a month.
    """

    name: str
    about: str
    kind: str
    number: bool = True
    persons: int = 0
    seed: int = 0
    damage: float = 1.0
    flat: Path | None = None
    when: str = MONTH
    twins: float = TWIN_SHARE

    @property
    def month(self) -> bool:
        """Whether it is a month: family cards, villages and birthplaces. A register has given name, last name and address."""
        return self.kind != "register"

    @property
    def model(self) -> str:
        """Name of the month whose stored model fits this set: the same simulator and size, with or without NIK."""
        return f"model-{self.kind}-{_size(self.model_persons)}" + ("" if self.number else "-no-nik")

    @property
    def stranger(self) -> str:
        """Name of the own simulation's month of this size: a model of people whose names are others."""
        return f"model-own-{_size(self.model_persons)}"

    @property
    def model_persons(self) -> int:
        """How many people the month has that the model for this set is trained on."""
        return max(self.persons, LEAST_MODEL_PERSONS)


def _size(persons: int) -> str:
    return f"{persons // 1_000_000}M" if persons >= 1_000_000 else f"{persons // 1000}k"


def months(sizes: list[int]) -> list[Dataset]:
    """Both simulated months at every size, the foreign one at the smallest also without any NIK."""
    found = []
    for persons in sizes:
        about = f"{persons:,} persons, seed {SEED}"
        own = f"own simulation, {about}, damage {HARSHER} times the mix that parameters were chosen on"
        found.append(Dataset(f"own-{_size(persons)}", own, "own", True, persons, SEED, HARSHER))
        foreign = f"another simulator (`benchmarks/foreign`), {about}"
        found.append(Dataset(f"foreign-{_size(persons)}", foreign, "foreign", True, persons, SEED))
    least = min(sizes)
    bare = f"the same with every NIK empty, {least:,} persons, seed {SEED}"
    return [*found, Dataset(f"foreign-{_size(least)}-no-nik", bare, "foreign", False, least, SEED)]


def model_months(sets: list[Dataset]) -> list[Dataset]:
    """The months on which the stored models for ``sets`` are trained: the same simulators, another seed, the default damage.

    Own simulation always: its model is also tried on the months of the other simulator, whose names it has never seen.
    """
    found = {}
    for one in sets:
        for kind, number in [("own", True), (one.kind, one.number)] if one.month else []:
            about = "the month of a stored model"
            month = Dataset("", about, kind, number, one.model_persons, MODEL_SEED, when=MODEL_MONTH)
            found[month.model] = replace(month, name=month.model)
    return list(found.values())


_REGISTERS = (
    (
        "surveys",
        "pseudopeople: census 2020; ACS, CPS, WIC 2019-2024; social security to 2020 without its number",
        False,
    ),
    ("taxes", "pseudopeople: social security to 2020; W2 and 1099, 1040, census 2020", True),
    ("febrl1", "FEBRL 1: 500 people, a duplicate each", True),
    ("febrl2", "FEBRL 2: 4,000 people, 1,000 duplicates", True),
    ("febrl3", "FEBRL 3: 2,000 people, up to five duplicates", True),
    ("febrl4", "FEBRL 4: 5,000 people in two files", True),
)


def registers(flat: Path) -> list[Dataset]:
    """The sets of ``registers`` in folder ``flat``; those that carry a number also once with the number taken away."""
    found = []
    for name, about, number in _REGISTERS:
        found.append(Dataset(name, about, "register", number, flat=flat / f"{name}.parquet"))
        if number:
            bare = f"{about}; number taken away"
            found.append(Dataset(f"{name}-no-number", bare, "register", False, flat=flat / f"{name}.parquet"))
    return found


def prepare(dataset: Dataset, work: Path, into: Path) -> None:
    """Write ``dataset`` to the DuckDB file ``into``; ``work`` is an empty folder for what is needed on the way."""
    if dataset.flat is not None:
        _register(dataset.flat, dataset.number, into)
        return
    landing = work / "landing"
    if dataset.kind == "own":
        mix = ErrorMix()
        scaled = ErrorMix(**{field.name: getattr(mix, field.name) * dataset.damage for field in fields(mix)})
        if not dataset.number:
            # Rows of careful clerks are damaged less, whatever the rate: only this leaves none with a number.
            scaled = replace(scaled, nik_kosong=math.inf)
        simulate(dataset.persons, dataset.seed, dataset.when, landing, errors=scaled, twins=dataset.twins)
    else:
        write_foreign_month(
            dataset.persons, dataset.seed, dataset.when, landing, dataset.damage, dataset.number, dataset.twins
        )
    _month(landing, dataset.when, work, into)


def _month(landing: Path, when: str, work: Path, into: Path) -> None:
    """Read and stage the month as the pipeline does, and keep what linkage reads. Its seconds go into ``persiapan``."""
    path = work / "gudang.duckdb"
    with scratch(path) as con:
        started = time.perf_counter()
        reader.read(con, landing, when)
        load_seeds(con)
        run_models(con, [name for name, one in load_models().items() if one.schema in ("staging", "intermediate")])
        seconds = time.perf_counter() - started
        con.execute(f"attach '{into}' as siap")
        con.execute("create schema siap.intermediate")
        for table in ("int_person_record", "int_family_record"):
            con.execute(f"create table siap.intermediate.{table} as from intermediate.{table}")
        con.execute(
            """
            create table siap.kebenaran as
            select concat(source, ':', record_id) as record_uid, person_true, family_true, birth_true
            from read_parquet(?)
            where concat(source, ':', record_id) in (select record_uid from intermediate.int_person_record)
            """,
            [str(truth_file(landing, when))],
        )
        con.execute("create table siap.persiapan as select cast(? as double) as detik", [seconds])
        con.execute("detach siap")
    path.unlink()
    shutil.rmtree(landing)
    _check(into)


def _empty_month(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of a month without a row, made by the models themselves, so that their columns and types are the pipeline's."""
    con.execute(f"create table raw.run as select date '{MONTH}-01' as bulan")
    con.execute("create table raw.deliveries (source varchar, tabel varchar, bulan_kirim varchar, file varchar)")
    for source in contracts.load().values():
        for table in source.tables.values():
            columns = ", ".join(f'"{column}" varchar' for column in table.columns)
            con.execute(f"create table {table.raw} ({columns}, _file varchar, _line bigint)")
    con.execute("create schema if not exists quarantine")
    con.execute(
        "create table quarantine.catatan (source varchar, tabel varchar, kolom varchar, alasan varchar, jumlah bigint)"
    )
    load_seeds(con)
    run_models(con, [name for name, one in load_models().items() if one.schema in ("staging", "intermediate")])


# A national number is folded to the 16 digits of a NIK: zeros in front, the number up to digit 12, a constant serial. The grades
# of a NIK read area, date and serial by their places, and a foreign number has no such parts; placed like this no two people
# share all but the serial (that grade never fires), equality stays equality, and one slip of the pen lands in the grades
# "slip in the date" and "slip in the area", which are what it is: nearly the same number. nik_cocok stays unknown, because the
# number says nothing of birth or sex. A list of persons becomes a roster; a row outside any list stands alone.
_PERSONS = """
    insert into intermediate.int_person_record by name
    with baris as (
        select
            *,
            concat(source, ':', record_id) as record_uid,
            coalesce(roster, concat('sendiri ', record_id)) as roster_id,
            try_cast(tgl_lahir as date) as lahir
        from datar
    )
    select
        b.record_uid,
        b.source,
        b.record_id,
        b.roster_id,
        1 as nuk,
        concat(b.source, ':', replace(b.roster_id, '#', ' '), '#1') as family_uid,
        case when ? then lpad(b.nomor, 12, '0') || '0001' end as nik,
        case when ? then b.nomor end as nik_asal,
        b.nama as nama_asal,
        m.nama,
        m.nama_depan,
        m.nama_akhir,
        m.nama_kunci,
        m.jumlah_kata,
        m.nama_rapat,
        m.nama_urut,
        b.lahir as tgl_lahir,
        case when b.lahir is not null then 'hari' end as tgl_lahir_presisi,
        try_cast(b.tahun_lahir as integer) as tahun_lahir,
        case when b.lahir is not null then month(b.lahir) * 100 + day(b.lahir) in (101, 701, 1231) end as tgl_lahir_tumpuk,
        b.jk as jenis_kelamin,
        cast(b.hubungan as integer) as hubungan,
        b.desa as kode_desa,
        b.kecamatan as kode_kecamatan,
        b.kabupaten as kode_kabupaten,
        teks_baku(b.alamat) as alamat_baku,
        cast(b.tanggal as date) as tanggal_amatan
    from baris as b
    left join intermediate.int_nama__baku as m on b.nama = m.nama_asal
"""

_FAMILIES = """
    insert into intermediate.int_family_record by name
    select
        family_uid,
        source,
        roster_id,
        1 as nuk,
        min(alamat_baku) as alamat_baku,
        min(kode_desa) as kode_desa,
        min(kode_kecamatan) as kode_kecamatan,
        min(kode_kabupaten) as kode_kabupaten,
        max(tanggal_amatan) as tanggal_amatan
    from intermediate.int_person_record
    group by family_uid, source, roster_id
"""


def _register(flat: Path, number: bool, into: Path) -> None:
    with scratch(into) as con:
        started = time.perf_counter()
        _empty_month(con)
        con.execute("create temp table datar as from read_parquet(?)", [str(flat)])
        con.execute("insert into staging.stg_regsosek__anggota by name select distinct nama from datar")
        run_models(con, ["intermediate.int_nama__baku"])
        con.execute(expand(_PERSONS), [number, number])
        con.execute(_FAMILIES)
        con.execute(
            "create table kebenaran as select concat(source, ':', record_id) as record_uid, person_true, family_true from datar"
        )
        con.execute("create table persiapan as select cast(? as double) as detik", [time.perf_counter() - started])
    _check(into)


def _check(path: Path) -> None:
    """Raises DtsenError where a record has no truth or two: every figure would be wrong, and none would show it."""
    with scratch(path, read_only=True) as con:
        row = con.execute(
            """
            select count(*), count(k.record_uid), count(distinct p.record_uid)
            from intermediate.int_person_record as p
            left join kebenaran as k on p.record_uid = k.record_uid
            """
        ).fetchone()
    assert row is not None
    if not row[0] or len(set(row)) > 1:
        raise DtsenError(
            f"{path.name}: {row[0]} records with truth, {row[1]} found, {row[2]} distinct; expected one truth for every record"
        )
