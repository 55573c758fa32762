"""Which columns a model's columns are made from, read from its SQL."""

from __future__ import annotations

import pytest

from dtsen_pipeline.sql.lineage import column_lineage

COLUMNS = {"raw.orang": ["nik", "nama", "kk"], "raw.keluarga": ["kk", "desa"], "seeds.desa": ["desa", "nama"]}
NIK, NAMA, KK = (("raw.orang", column) for column in COLUMNS["raw.orang"])


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select nik as n, upper(nama) as m from raw.orang", {"n": [NIK], "m": [NAMA]}),
        ("select concat(nik, nama) as dua from raw.orang", {"dua": [NAMA, NIK]}),
        ("select * from raw.keluarga", {"kk": [("raw.keluarga", "kk")], "desa": [("raw.keluarga", "desa")]}),
        ("with a as (select nik as x from raw.orang), b as (select x as y from a) select y from b", {"y": [NIK]}),
        (
            "select o.nama, d.nama as desa from raw.orang o join raw.keluarga k using (kk) join seeds.desa d on k.desa = d.desa",
            {"nama": [NAMA], "desa": [("seeds.desa", "nama")]},
        ),
        # By place, and whatever the second branch calls its columns.
        (
            "select 'a' as s, nik as x from raw.orang union all select 'b', kk from raw.keluarga",
            {"s": [], "x": [("raw.keluarga", "kk"), NIK]},
        ),
        (
            "select o.nik, (select max(d.nama) from seeds.desa d where d.desa = o.kk) as n from raw.orang o",
            {"nik": [NIK], "n": [KK, ("seeds.desa", "desa"), ("seeds.desa", "nama")]},
        ),
        # A macro is not inlined: what it is given is what it makes its value from.
        ("select kosong(nama) as m from raw.orang", {"m": [NAMA]}),
        ("select u.x from raw.orang o, unnest(string_split(o.nama, ' ')) as u(x)", {"x": [NAMA]}),
    ],
)
def test_a_column_comes_from_what_its_value_is_made_of(sql: str, expected: dict[str, list[tuple[str, str]]]) -> None:
    assert column_lineage(sql, COLUMNS) == expected


def test_constants_and_row_counts_come_from_nothing_and_filters_are_no_source() -> None:
    sql = "select 1 as satu, count(*) as n, max(nama) as nama from raw.orang where nik is not null group by kk"
    assert column_lineage(sql, COLUMNS) == {"satu": [], "n": [], "nama": [NAMA]}
