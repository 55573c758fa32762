-- Grain: record of silang that rekaman gives to others in $bulan, or to nobody.
select b.*
from silang as b
left join (select * from rekaman where berlaku_pada(bulan_mulai, bulan_selesai, $bulan)) as a
    on
        a.source = b.source
        and a.record_id = b.record_id
        and a.person_id = b.person_id
        and a.family_id = b.family_id
where a.source is null
