-- Grain: record, with the ids of its person and its family.
select
    b.record_uid,
    split_part(b.record_uid, ':', 1) as source,
    substr(b.record_uid, strpos(b.record_uid, ':') + 1) as record_id,
    o.id as person_id,
    k.id as family_id
from rekaman_berkelompok as b
inner join id_orang as o on b.orang = o.kelompok
inner join id_keluarga as k on b.keluarga = k.kelompok
order by b.record_uid
