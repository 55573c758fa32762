-- Share of families ranked in the last release and in this month whose national tenth is another one, in either direction.
-- Before the first release there is nothing to compare with.
with banding as (
    select
        count(*) as keluarga,
        sum(case when selisih > 0 then 1.0 else 0.0 end) as naik,
        sum(case when selisih < 0 then 1.0 else 0.0 end) as turun
    from welfare.perubahan
    where selisih is not null
)

select 'naik / up' as ukuran, naik / keluarga as nilai
from banding
where keluarga > 0
union all
select 'turun / down' as ukuran, turun / keluarga as nilai
from banding
where keluarga > 0
union all
select 'belum ada keluarga untuk dibandingkan / no family to compare' as ukuran, 0.0 as nilai
from banding
where keluarga = 0
