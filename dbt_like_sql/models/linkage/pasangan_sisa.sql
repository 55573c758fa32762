-- Grain: pair of nodes left over in two family records that share a person or the family card: each is missing in the other's record.
-- What is too little evidence among all the people of a country is enough between the last two unmatched members of one family.
with keluarga as (
    select l.rumah as keluarga_l, r.rumah as keluarga_r
    from linkage.orang_awal as l
    inner join linkage.orang_awal as r on l.orang = r.orang and l.rumah < r.rumah
    group by l.rumah, r.rumah
    union
    select l.rumah, r.rumah
    from linkage.rumah as l
    inner join linkage.rumah as r on l.kk = r.kk and l.rumah < r.rumah
),
sisa_l as (
    select k.keluarga_l, k.keluarga_r, i.node_id
    from keluarga as k
    inner join linkage.orang_awal as i on k.keluarga_l = i.rumah
    left join linkage.orang_awal as lain on k.keluarga_r = lain.rumah and i.orang = lain.orang
    where lain.orang is null
),
sisa_r as (
    select k.keluarga_l, k.keluarga_r, i.node_id
    from keluarga as k
    inner join linkage.orang_awal as i on k.keluarga_r = i.rumah
    left join linkage.orang_awal as lain on k.keluarga_l = lain.rumah and i.orang = lain.orang
    where lain.orang is null
),
pasangan as (
    select least(l.node_id, r.node_id) as node_l, greatest(l.node_id, r.node_id) as node_r
    from sisa_l as l
    inner join sisa_r as r on l.keluarga_l = r.keluarga_l and l.keluarga_r = r.keluarga_r and l.node_id <> r.node_id
    group by least(l.node_id, r.node_id), greatest(l.node_id, r.node_id)
),
hubungan as (
    select s.node_id, min(p.hubungan) as terkecil, max(p.hubungan) as terbesar
    from linkage.simpul_rekaman as s
    inner join intermediate.int_person_record as p on s.record_uid = p.record_uid
    where s.node_id in (select node_l from pasangan union select node_r from pasangan)
    group by s.node_id
)
select
    p.node_l as join_key_l,
    p.node_r as join_key_r,
    'keluarga' as match_key,
    -- the same place in the family, sex and age, and letters that are mostly the same: bears what the weights alone would not
    coalesce(
        l.jk = r.jk
        and abs(l.tahun - r.tahun) <= 6
        and (hl.terkecil = hr.terkecil or hl.terbesar = hr.terbesar)
        and greatest(
            jaro_winkler_similarity(l.nama_urut, r.nama_urut), jaro_winkler_similarity(l.nama_rapat, r.nama_rapat)
        ) >= 0.78,
        false
    ) as sejalan
from pasangan as p
inner join linkage.simpul as l on p.node_l = l.unique_id
inner join linkage.simpul as r on p.node_r = r.unique_id
left join hubungan as hl on p.node_l = hl.node_id
left join hubungan as hr on p.node_r = hr.node_id
