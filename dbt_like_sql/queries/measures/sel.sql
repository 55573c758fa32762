-- Grain: found and true cluster ($jenis: 'orang' or 'keluarga') that share records: how many (n), and how many each has (f, t).
-- The bucket is that of the found cluster; numbers of families may be negative.
with rekaman as (
    select
        case when $jenis = 'orang' then orang else keluarga end as ditemukan,
        case when $jenis = 'orang' then orang_benar else keluarga_benar end as benar
    from banding
),

pas as (
    select
        ditemukan,
        benar,
        count(*) as n
    from rekaman
    group by ditemukan, benar
)

select
    *,
    sum(n) over (partition by ditemukan) as f,
    sum(n) over (partition by benar) as t,
    cast((ditemukan % $ember + $ember) % $ember as integer) as ember
from pas
