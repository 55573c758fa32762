"""The SQL that moves ids from month to month, and derives their events."""

from __future__ import annotations

VALID = "bulan_mulai <= $bulan and (bulan_selesai is null or bulan_selesai > $bulan)"

_SAME = "a.source = b.source and a.record_id = b.record_id and a.person_id = b.person_id and a.family_id = b.family_id"


# Only what differs is touched: nearly every record keeps its person and family from month to month. A month may be
# published again after later ones, so its assignment holds until the next released month and what followed goes on.
ASSIGN = (
    f"""create or replace temp table pergi as
    select a.* from (select * from rekaman where {VALID}) as a
    left join silang as b on {_SAME} where b.source is null""",
    f"""create or replace temp table datang as
    select b.* from silang as b
    left join (select * from rekaman where {VALID}) as a on {_SAME} where a.source is null""",
    """insert into rekaman
    select source, record_id, person_id, family_id, $berikut, bulan_selesai from pergi
    where $berikut is not null and (bulan_selesai is null or bulan_selesai > $berikut)""",
    f"""delete from rekaman as a using pergi as b
    where {_SAME} and a.bulan_mulai = b.bulan_mulai and a.bulan_mulai = $bulan""",
    f"""update rekaman as a set bulan_selesai = $bulan from pergi as b
    where {_SAME} and a.bulan_mulai = b.bulan_mulai and a.bulan_mulai < $bulan""",
    "insert into rekaman select source, record_id, person_id, family_id, $bulan, $berikut from datang",
    *(
        # Intervals of one assignment that now touch become one.
        statement
        for seam in ("$bulan", "$berikut")
        for statement in (
            f"""update rekaman as a set bulan_selesai = b.bulan_selesai from rekaman as b
            where {_SAME} and a.bulan_selesai = {seam} and b.bulan_mulai = {seam}""",
            f"""delete from rekaman as b using rekaman as a
            where {_SAME} and b.bulan_mulai = {seam} and a.bulan_mulai < {seam}
            and (a.bulan_selesai is null or a.bulan_selesai > {seam})""",
        )
    ),
)


# An id that is gone went to where most of its records went; a new id that took records from a living one split from it.
_EVENTS = """
with lama as (select source, record_id, {id} as id from {before}),
baru as (select source, record_id, {id} as id from {after}),
hilang as (select id from lama except select id from baru),
muncul as (select id from baru except select id from lama),
pindah as (
    select lama.id as dari, baru.id as ke, count(*) as jumlah
    from lama inner join baru on lama.source = baru.source and lama.record_id = baru.record_id
    where lama.id <> baru.id
    group by lama.id, baru.id
),
lebur as (
    select dari, ke from pindah where dari in (select id from hilang)
    qualify row_number() over (partition by dari order by jumlah desc, ke) = 1
),
pecah as (
    select dari, ke from pindah where ke in (select id from muncul) and dari not in (select id from hilang)
    qualify row_number() over (partition by ke order by jumlah desc, dari) = 1
)
select 'merged_into' as jenis, '{entity}' as entity, dari as id, ke as id_lain from lebur
union all
select 'retired', '{entity}', id, null from hilang where id not in (select dari from lebur)
union all
select 'split_from', '{entity}', ke, dari from pecah
union all
select 'created', '{entity}', id, null from muncul where id not in (select ke from pecah)
"""


def events(entity: str, before: str, after: str) -> str:
    """SELECT of the events (jenis, entity, id, id_lain) of 'person' or 'family' ids between two assignments.

    ``before`` and ``after`` are tables, or subqueries in parentheses: source, record_id, person_id, family_id.
    """
    return _EVENTS.format(entity=entity, id=f"{entity}_id", before=before, after=after)
