-- Grain: cluster (view anggota_kelompok: record_uid, kelompok) and an id that some of its records had in the last release (view
-- id_rilis_lalu: record_uid, id); jumlah counts them. The largest overlap first; ties by the older id, then by the cluster's
-- first record.
select b.kelompok, l.id, count(*) as jumlah
from id_rilis_lalu as l
inner join anggota_kelompok as b on l.record_uid = b.record_uid
group by b.kelompok, l.id
order by jumlah desc, id, kelompok
