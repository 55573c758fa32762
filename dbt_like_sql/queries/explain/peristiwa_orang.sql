-- Grain: event of person id $id; the other id of it, and whether the event is told of this id (sendiri) or of the other.
select
    bulan,
    jenis,
    case when id = $id then id_lain else id end as lain,
    id = $id as sendiri
from peristiwa
where entity = 'person' and (id = $id or id_lain = $id)
order by bulan, jenis, peristiwa.id, id_lain
