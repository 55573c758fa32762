-- Grain: try (percobaan) that moves family $family to another national decile: the step of its score, and that decile. The
-- smallest step first. With n families the first k tenths hold r = floor((k n + 5) / 10) of them (the rule of welfare.desil
-- turned round), so a family is above tenth k when the r-th of all others is poorer.
with ini as (
    select
        family_id,
        skor,
        urutan_nasional,
        desil_nasional
    from welfare.desil
    where family_id = $family
),

isi as (
    select
        t.k,
        cast(floor((t.k * n.n + 5) / 10) as bigint) as r
    from (select unnest(range(1, 10)) as k) as t
    cross join (select count(*) as n from welfare.desil) as n
),

batas as (
    select
        i.k,
        i.r,
        round(d.skor, 9) as skor,
        md5(d.family_id) as kunci
    from isi as i
    cross join ini
    left join welfare.desil as d
        on d.urutan_nasional = case when i.r < ini.urutan_nasional then i.r else i.r + 1 end
),

baru as (
    select
        p.nomor,
        any_value(p.skor - ini.skor) as langkah,
        1 + count(
            case
                when
                    b.r = 0
                    or b.skor < round(p.skor, 9)
                    or (b.skor = round(p.skor, 9) and b.kunci < md5(ini.family_id))
                    then 1
            end
        ) as desil
    from percobaan as p
    cross join ini
    cross join batas as b
    group by p.nomor
)

select
    b.nomor,
    b.langkah,
    b.desil
from baru as b
cross join ini
where b.desil <> ini.desil_nasional
order by abs(b.langkah), b.nomor
