-- Below 1000 families a tenth cannot be met to 0.001; desil_seimbang then stands alone.
with isi as (
    select desil_nasional as desil, cast(count(*) as double) as jumlah
    from welfare.desil
    group by desil_nasional
)

select
    'simpangan terbesar dari sepersepuluh' as ukuran,
    case
        when sum(jumlah) < 1000 then 0.0
        when count(*) < 10 then 0.1
        else greatest(max(jumlah) / sum(jumlah) - 0.1, 0.1 - min(jumlah) / sum(jumlah))
    end as nilai
from isi
