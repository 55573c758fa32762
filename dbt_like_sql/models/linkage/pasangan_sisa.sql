-- Grain: pair of nodes left over in two family records that share a person: each is missing in the other's record. What is too
-- little evidence among all the people of a country is enough between the last two unmatched members of one family.
with isi as (
    select r.family_uid, o.orang, o.node_id
    from linkage.orang_awal as o
    inner join linkage.rekaman as r on o.record_uid = r.record_uid
    group by r.family_uid, o.orang, o.node_id
),
keluarga as (
    select l.family_uid as keluarga_l, r.family_uid as keluarga_r
    from isi as l
    inner join isi as r on l.orang = r.orang and l.family_uid < r.family_uid
    group by l.family_uid, r.family_uid
),
sisa_l as (
    select k.keluarga_l, k.keluarga_r, i.node_id
    from keluarga as k
    inner join isi as i on k.keluarga_l = i.family_uid
    left join isi as lain on k.keluarga_r = lain.family_uid and i.orang = lain.orang
    where lain.orang is null
),
sisa_r as (
    select k.keluarga_l, k.keluarga_r, i.node_id
    from keluarga as k
    inner join isi as i on k.keluarga_r = i.family_uid
    left join isi as lain on k.keluarga_l = lain.family_uid and i.orang = lain.orang
    where lain.orang is null
)
select
    least(l.node_id, r.node_id) as join_key_l,
    greatest(l.node_id, r.node_id) as join_key_r,
    'keluarga' as match_key
from sisa_l as l
inner join sisa_r as r on l.keluarga_l = r.keluarga_l and l.keluarga_r = r.keluarga_r and l.node_id <> r.node_id
group by least(l.node_id, r.node_id), greatest(l.node_id, r.node_id)
