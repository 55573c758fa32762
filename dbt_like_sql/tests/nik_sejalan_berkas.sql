-- The same as nik_sejalan by file, in the twenty cases where it is lowest: one bad file of ten hides in the mean of its source. Of
-- fewer than fifty records a share says too little.
with banding as (
    select
        _file,
        case when tgl_lahir_presisi = 'hari' then case when nik_tgl_lahir = tgl_lahir then 1.0 else 0.0 end end as tanggal,
        case when jenis_kelamin is not null then case when nik_jenis_kelamin = jenis_kelamin then 1.0 else 0.0 end end as kelamin
    from intermediate.int_person_record
    where nik is not null and nik_masalah is null and nik_tgl_lahir is not null
),

berkas as (
    select _file, 'tanggal lahir / birth date' as ciri, count(tanggal) as rekaman, avg(tanggal) as nilai
    from banding
    group by _file
    union all
    select _file, 'jenis kelamin / sex' as ciri, count(kelamin) as rekaman, avg(kelamin) as nilai
    from banding
    group by _file
)

select ukuran, nilai
from (
    select concat(_file, ': ', ciri) as ukuran, nilai
    from berkas
    where rekaman >= 50
    order by nilai, ukuran
    limit 20
) as terendah
union all
select 'tidak ada berkas yang cukup besar / no file is large enough' as ukuran, 1.0 as nilai
where not exists (select 1 from berkas where rekaman >= 50)
