-- The published persons are the persons of the crosswalk, in the same families.
select
    'orang crosswalk yang hilang atau pindah keluarga dalam anggota' as ukuran,
    cast(count(*) as double) as nilai
from (select distinct person_id, family_id from linkage.crosswalk) as silang
left join marts.anggota as anggota on silang.person_id = anggota.person_id and silang.family_id = anggota.family_id
where anggota.person_id is null
union all
select
    'anggota yang tidak ada dalam crosswalk' as ukuran,
    cast(count(*) as double) as nilai
from marts.anggota as anggota
left join (select distinct person_id from linkage.crosswalk) as silang on anggota.person_id = silang.person_id
where silang.person_id is null
