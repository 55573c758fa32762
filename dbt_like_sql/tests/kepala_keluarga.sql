select
    'keluarga tanpa kepala' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga
where kepala_person_id is null
union all
select
    'kepala bukan anggota keluarganya' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga as keluarga
left join marts.anggota as anggota
    on keluarga.kepala_person_id = anggota.person_id and keluarga.family_id = anggota.family_id
where keluarga.kepala_person_id is not null and anggota.person_id is null
union all
select
    'kepala tidak hadir, padahal ada anggota yang hadir' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga as keluarga
inner join marts.anggota as anggota on keluarga.kepala_person_id = anggota.person_id
where keluarga.jumlah_anggota > 0 and coalesce(anggota.status_keberadaan, 'ada') <> 'ada'
