-- Grain: record of the month that the truth knows; its person and family, found and true, and the groups that it belongs to.
-- Records that the contracts quarantined are no fault of the linkage and do not count.
with bulan as (select year(bulan) as tahun from raw.run)

select
    o.node_id,
    o.orang,
    k.keluarga,
    t.person_true as orang_benar,
    t.family_true as keluarga_benar,
    p.kode_provinsi as provinsi,
    coalesce(p.jenis_kelamin, 'tidak diketahui') as jk,
    case
        when p.tahun_lahir is null then 'tidak diketahui'
        when b.tahun - p.tahun_lahir < 5 then '0-4'
        when b.tahun - p.tahun_lahir < 18 then '5-17'
        when b.tahun - p.tahun_lahir < 60 then '18-59'
        else '60+'
    end as umur,
    case when p.jumlah_kata = 1 then 'ya' else 'tidak' end as tunggal,
    case when p.nik is null then 'tidak ada' else 'ada' end as nik
from kebenaran as t
inner join intermediate.int_person_record as p on p.record_uid = concat(t.source, ':', t.record_id)
inner join linkage.orang as o on p.record_uid = o.record_uid
inner join linkage.keluarga_orang as k on o.orang = k.orang
cross join bulan as b
