-- Grain: pair of nodes left over in two family records that share a person: each is missing in the other's record. What is too
-- little evidence among all the people of a country is enough between the last two unmatched members of one family.
with isi as (
    select rumah, orang, node_id
    from linkage.orang_awal
    group by rumah, orang, node_id
),
keluarga as (
    select l.rumah as keluarga_l, r.rumah as keluarga_r
    from isi as l
    inner join isi as r on l.orang = r.orang and l.rumah < r.rumah
    group by l.rumah, r.rumah
),
sisa_l as (
    select k.keluarga_l, k.keluarga_r, i.node_id
    from keluarga as k
    inner join isi as i on k.keluarga_l = i.rumah
    left join isi as lain on k.keluarga_r = lain.rumah and i.orang = lain.orang
    where lain.orang is null
),
sisa_r as (
    select k.keluarga_l, k.keluarga_r, i.node_id
    from keluarga as k
    inner join isi as i on k.keluarga_r = i.rumah
    left join isi as lain on k.keluarga_l = lain.rumah and i.orang = lain.orang
    where lain.orang is null
)
select
    least(l.node_id, r.node_id) as join_key_l,
    greatest(l.node_id, r.node_id) as join_key_r,
    'keluarga' as match_key
from sisa_l as l
inner join sisa_r as r on l.keluarga_l = r.keluarga_l and l.keluarga_r = r.keluarga_r and l.node_id <> r.node_id
group by least(l.node_id, r.node_id), greatest(l.node_id, r.node_id)
