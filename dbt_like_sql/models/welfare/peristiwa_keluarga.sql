-- Grain: family that merged or split since the last release, whichever side it is on. Told from the records, as the registry tells
-- its events: a family that is gone merged into the one that has most of its records; a new family split from the living one that
-- most of its records come from. A family with both is told as merged.
with pindah as (
    select l.family_id as dari, c.family_id as ke, count(*) as rekaman
    from linkage.penetapan_lalu as l
    inner join linkage.crosswalk as c on l.source = c.source and l.record_id = c.record_id
    where l.family_id <> c.family_id
    group by l.family_id, c.family_id
),

ditandai as (
    select
        p.dari,
        p.ke,
        p.rekaman,
        tinggal.family_id is null as dari_hilang,
        dulu.family_id is null as ke_baru
    from pindah as p
    left join marts.keluarga as tinggal on p.dari = tinggal.family_id
    left join welfare.keluarga_lalu as dulu on p.ke = dulu.family_id
),

lebur as (
    select dari, ke, rekaman
    from (
        select dari, ke, rekaman, row_number() over (partition by dari order by rekaman desc, ke) as n
        from ditandai
        where dari_hilang
    ) as t
    where n = 1
),

pecah as (
    select dari, ke, rekaman
    from (
        select dari, ke, rekaman, row_number() over (partition by ke order by rekaman desc, dari) as n
        from ditandai
        where ke_baru and not dari_hilang
    ) as t
    where n = 1
),

peristiwa as (
    select dari as family_id, 'gabung' as peristiwa, ke as family_id_lain, rekaman from lebur
    union all
    select ke as family_id, 'gabung' as peristiwa, dari as family_id_lain, rekaman from lebur
    union all
    select ke as family_id, 'pisah' as peristiwa, dari as family_id_lain, rekaman from pecah
    union all
    select dari as family_id, 'pisah' as peristiwa, ke as family_id_lain, rekaman from pecah
)

select family_id, peristiwa, family_id_lain
from (
    select
        family_id,
        peristiwa,
        family_id_lain,
        row_number() over (partition by family_id order by peristiwa, rekaman desc, family_id_lain) as n
    from peristiwa
) as t
where n = 1
