-- Grain: interval of rekaman that holds $bulan, of a record that silang gives to others then, or to nobody.
select a.*
from (select * from rekaman where berlaku_pada(bulan_mulai, bulan_selesai, $bulan)) as a
left join silang as b
    on
        a.source = b.source
        and a.record_id = b.record_id
        and a.person_id = b.person_id
        and a.family_id = b.family_id
where b.source is null
