-- Grain: national tenth of the last release and of this month. NULL: not ranked then (no such family, or no score).
-- porsi: of the families of the tenth they came from.
with jumlah as (
    select desil_lalu, desil, count(*) as keluarga
    from welfare.perubahan
    group by desil_lalu, desil
)

select
    desil_lalu,
    desil,
    keluarga,
    keluarga / cast(sum(keluarga) over (partition by desil_lalu) as double) as porsi
from jumlah
