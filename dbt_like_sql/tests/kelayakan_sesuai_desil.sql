-- A programme's list holds the families that its policy reaches by their decile: none else, none twice, none left out.
with daftar as (
    select
        daftar.program,
        daftar.family_id,
        case when desil.desil_nasional <= kebijakan.desil_maks and desil.desil_nasional = daftar.desil_nasional then 0 else 1 end as salah
    from welfare.kelayakan as daftar
    left join welfare.desil as desil on daftar.family_id = desil.family_id
    left join welfare.kebijakan as kebijakan on daftar.program = kebijakan.program
),

berhak as (
    select
        kebijakan.program,
        kebijakan.kuota,
        cast(sum(case when desil.desil_nasional <= kebijakan.desil_maks then 1 else 0 end) as bigint) as keluarga
    from welfare.kebijakan as kebijakan
    cross join welfare.desil as desil
    group by kebijakan.program, kebijakan.kuota
),

tercantum as (
    select program, count(distinct family_id) as keluarga, count(*) as baris
    from daftar
    group by program
)

select
    'keluarga di luar desil programnya / families outside the deciles of the programme' as ukuran,
    cast((select count(*) from daftar where salah = 1) as double) as nilai
union all
select
    concat(berhak.program, ': tidak tercantum, atau dua kali / left out, or listed twice') as ukuran,
    cast(
        abs(least(berhak.keluarga, coalesce(berhak.kuota, berhak.keluarga)) - coalesce(tercantum.keluarga, 0))
        + coalesce(tercantum.baris, 0) - coalesce(tercantum.keluarga, 0) as double
    ) as nilai
from berhak
left join tercantum on berhak.program = tercantum.program
