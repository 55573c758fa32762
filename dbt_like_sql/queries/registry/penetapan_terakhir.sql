-- Grain: record that belonged to nobody in $bulan, but to somebody before; who that was last.
select
    source,
    record_id,
    person_id,
    family_id
from rekaman
where
    bulan_selesai <= $bulan
    and (source, record_id) not in (
        select (source, record_id) from rekaman where berlaku_pada(bulan_mulai, bulan_selesai, $bulan)
    )
qualify row_number() over (partition by source, record_id order by bulan_selesai desc) = 1
order by source, record_id
