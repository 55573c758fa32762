-- Grain: programme of the month; whether it reaches family $family (dijangkau), and jarak, how far the family's score lies from
-- that of the next family beyond the cut-off (log points; NULL where there is none).
with akhir as (
    select
        k.program,
        max(d.urutan_nasional) as urutan,
        bool_or(k.family_id = $family) as dijangkau
    from welfare.kelayakan as k
    inner join welfare.desil as d on k.family_id = d.family_id
    group by k.program
)

select
    p.program,
    p.desil_maks,
    p.kuota,
    coalesce(a.dijangkau, false) as dijangkau,
    b.skor - s.skor as jarak,
    cast(p.berlaku_dari as varchar) as berlaku_dari,
    p.dasar_hukum
from welfare.kebijakan as p
left join akhir as a on p.program = a.program
left join welfare.desil as b on b.urutan_nasional = case when a.dijangkau then a.urutan + 1 else a.urutan end
cross join (select skor from welfare.desil where family_id = $family) as s
order by p.program
