-- Grain: province of the open table. Its families: all of them, then by desil 1 to 10; NULL where withheld.
select kode_provinsi, min(nama_provinsi) as nama_provinsi, list(keluarga order by desil) as keluarga
from publikasi.terbuka
where tingkat = 1
group by kode_provinsi
order by kode_provinsi
