-- Grain: node and blocking key. Each rule says which damage the others cannot see past; together their recall is the ceiling of linkage.
-- nik: the identifier itself.
select 'nik' as aturan, hash(nik) as kunci, unique_id as node_id
from linkage.simpul
where nik is not null
union all
-- nama_tgl: NIK missing or damaged, name misspelt but sounding alike.
select 'nama_tgl', hash(concat(nama_kunci, '|', cast(tgl_lahir as varchar))), unique_id
from linkage.simpul
where nama_kunci is not null and presisi = 'hari'
union all
-- tgl_kk: name badly damaged.
select 'tgl_kk', hash(concat(kk, '|', cast(tgl_lahir as varchar))), unique_id
from linkage.simpul
where kk is not null and presisi = 'hari'
union all
select 'tgl_kk', hash(concat(kk2, '|', cast(tgl_lahir as varchar))), unique_id
from linkage.simpul
where kk2 <> kk and presisi = 'hari'
union all
-- tgl_kec: name and family card damaged, still in the district.
select 'tgl_kec', hash(concat(kecamatan, '|', cast(tgl_lahir as varchar), '|', coalesce(jk, '?'))), unique_id
from linkage.simpul
where kecamatan is not null and presisi = 'hari'
union all
-- nama_kk: birth date missing, swapped or guessed.
select 'nama_kk', hash(concat(kk, '|', nama_kunci)), unique_id
from linkage.simpul
where kk is not null and nama_kunci is not null
union all
select 'nama_kk', hash(concat(kk2, '|', nama_kunci)), unique_id
from linkage.simpul
where kk2 <> kk and nama_kunci is not null
union all
-- nama_desa: birth date and family card damaged.
select 'nama_desa', hash(concat(desa, '|', nama_rapat)), unique_id
from linkage.simpul
where desa is not null and nama_rapat is not null
union all
-- nama_tahun: moved away, day and month swapped or guessed. A single name is too common to look for it in the whole country.
select
    'nama_tahun',
    hash(concat(nama, '|', cast(tahun as varchar), '|', case when nama_akhir is null then kabupaten else '' end)),
    unique_id
from linkage.simpul
where nama is not null and tahun is not null
union all
-- nik_12: a damaged serial. nik_10: a damaged area. nik_hari, nik_bulan, nik_tahun: a damaged day, month or year of the NIK.
select 'nik_12', hash(substr(nik, 1, 12)), unique_id
from linkage.simpul
where nik is not null
union all
select 'nik_10', hash(substr(nik, 7, 10)), unique_id
from linkage.simpul
where nik is not null
union all
select 'nik_hari', hash(concat(substr(nik, 1, 6), '..', substr(nik, 9, 8))), unique_id
from linkage.simpul
where nik is not null
union all
select 'nik_bulan', hash(concat(substr(nik, 1, 8), '..', substr(nik, 11, 6))), unique_id
from linkage.simpul
where nik is not null
union all
select 'nik_tahun', hash(concat(substr(nik, 1, 10), '..', substr(nik, 13, 4))), unique_id
from linkage.simpul
where nik is not null
union all
-- kk_tahun: name and day both damaged, inside one family card.
select 'kk_tahun', hash(concat(kk, '|', cast(tahun as varchar), '|', coalesce(jk, '?'))), unique_id
from linkage.simpul
where kk is not null and tahun is not null
