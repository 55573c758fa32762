-- Grain: record that belonged to a person and a family in $bulan.
select
    source,
    record_id,
    person_id,
    family_id
from rekaman
where berlaku_pada(bulan_mulai, bulan_selesai, $bulan)
order by source, record_id
