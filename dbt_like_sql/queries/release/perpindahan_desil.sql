-- Grain: national decile in lama and in baru, of the families in both; NULL: without one.
select
    lama.desil_nasional as sebelum,
    baru.desil_nasional as sesudah,
    count(*) as keluarga
from lama
inner join baru on lama.family_id = baru.family_id
group by all
order by all
