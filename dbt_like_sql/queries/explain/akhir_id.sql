-- Grain: id of an entity that ended, its last end alone: the month, and the id that it was merged into (NULL: retired).
select
    bulan,
    id_lain
from peristiwa
where entity = $entitas and jenis in ('merged_into', 'retired') and id = $id
order by bulan desc
limit 1
