-- Grain: node and blocking key. Each rule says which damage the others cannot see past; together their recall is the ceiling of linkage.
-- Rules for NIKs with a damaged serial, area or date found next to nothing that these and the second pass inside families do not.
-- Rules go by number (seeds.aturan_blok has their names): there are half a dozen keys a node, and names would double the bytes.
-- 1 nik: the identifier itself.
select cast(1 as tinyint) as aturan, hash(1, nik) as kunci, unique_id as node_id
from linkage.simpul
where nik is not null
union all
-- 2 nama_tgl: NIK missing or damaged, name misspelt but sounding alike. In a whole country too many are born on one day.
select cast(2 as tinyint), hash(2, nama_kunci, tgl_lahir, kabupaten), unique_id
from linkage.simpul
where nama_kunci is not null and presisi = 'hari'
union all
-- 3 akhir_tgl: the first word lost, damaged or in another place.
select cast(3 as tinyint), hash(3, nama_akhir, tgl_lahir, kabupaten), unique_id
from linkage.simpul
where nama_akhir is not null and presisi = 'hari'
union all
-- 4 tgl_kec: name and family card damaged, still in the district.
select cast(4 as tinyint), hash(4, kecamatan, tgl_lahir, jk), unique_id
from linkage.simpul
where kecamatan is not null and presisi = 'hari'
union all
-- 5 nama_kk: birth date missing, swapped or guessed.
select cast(5 as tinyint), hash(5, kk, nama_kunci), unique_id
from linkage.simpul
where kk is not null and nama_kunci is not null
union all
select cast(5 as tinyint), hash(5, kk2, nama_kunci), unique_id
from linkage.simpul
where kk2 is not null and nama_kunci is not null
union all
-- 6 nama_desa: birth date and family card damaged.
select cast(6 as tinyint), hash(6, desa, nama_rapat), unique_id
from linkage.simpul
where desa is not null and nama_rapat is not null
union all
-- 7 nama_tahun: moved away, day and month swapped or guessed. A single name is too common to look for it in the whole country.
select
    cast(7 as tinyint),
    hash(7, nama, tahun, case when nama_akhir is null then kabupaten end),
    unique_id
from linkage.simpul
where nama is not null and tahun is not null
union all
-- 8 nama_lahir: moved anywhere, without a NIK. Only the whole name and the whole date are rare enough to be looked for everywhere.
select cast(8 as tinyint), hash(8, nama_rapat, tgl_lahir), unique_id
from linkage.simpul
where nama_rapat is not null and presisi = 'hari'
