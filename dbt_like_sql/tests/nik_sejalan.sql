-- Share of the NIKs in good order that say the birth date and the sex that stand beside them, by source. Of fewer than two hundred
-- records a share says too little.
with banding as (
    select
        source,
        case when tgl_lahir_presisi = 'hari' then case when nik_tgl_lahir = tgl_lahir then 1.0 else 0.0 end end as tanggal,
        case when jenis_kelamin is not null then case when nik_jenis_kelamin = jenis_kelamin then 1.0 else 0.0 end end as kelamin
    from intermediate.int_person_record
    where nik is not null and nik_masalah is null and nik_tgl_lahir is not null
),

sumber as (
    select source, 'tanggal lahir / birth date' as ciri, count(tanggal) as rekaman, avg(tanggal) as nilai
    from banding
    group by source
    union all
    select source, 'jenis kelamin / sex' as ciri, count(kelamin) as rekaman, avg(kelamin) as nilai
    from banding
    group by source
)

select concat(source, ': ', ciri) as ukuran, nilai
from sumber
where rekaman >= 200
union all
select 'tidak ada sumber yang cukup besar / no source is large enough' as ukuran, 1.0 as nilai
where not exists (select 1 from sumber where rekaman >= 200)
