-- Grain: programme and family that its policy of the month reaches. The tenth is a necessary condition: what a programme asks beside
-- it (PKH's pregnant women, pupils, elderly, disabled) the programme checks itself.
-- A quota takes the poorest first, in the order of the ranking.
with berhak as (
    select
        p.program,
        d.family_id,
        d.desil_nasional,
        d.peluang_desil_1_4,
        p.desil_maks,
        p.kuota,
        p.berlaku_dari,
        p.dasar_hukum,
        row_number() over (partition by p.program order by d.urutan_nasional) as urutan
    from welfare.kebijakan as p
    inner join welfare.desil as d on d.desil_nasional <= p.desil_maks
)

select
    b.program,
    b.family_id,
    b.desil_nasional,
    b.peluang_desil_1_4,
    b.urutan,
    b.desil_maks,
    b.kuota,
    b.berlaku_dari,
    b.dasar_hukum
from berhak as b
where b.kuota is null or b.urutan <= b.kuota
