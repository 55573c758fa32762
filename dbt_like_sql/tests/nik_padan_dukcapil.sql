-- Share of the NIKs in good order that the population register knows, by source, in the regencies that its extract covers.
with tercakup as (
    select distinct left(kode_kemendagri, 4) as kode_kabupaten
    from staging.stg_dukcapil__penduduk
),

terdaftar as (
    select distinct nik
    from staging.stg_dukcapil__penduduk
),

padan as (
    select
        orang.source as ukuran,
        avg(case when terdaftar.nik is not null then 1.0 else 0.0 end) as nilai
    from intermediate.int_person_record as orang
    inner join tercakup on orang.kode_kabupaten = tercakup.kode_kabupaten
    left join terdaftar on orang.nik = terdaftar.nik
    where orang.nik is not null and orang.nik_masalah is null
    group by orang.source
)

select ukuran, nilai
from padan
union all
select 'tidak ada petikan Dukcapil untuk dibandingkan / no extract of the register to compare with' as ukuran, 1.0 as nilai
where not exists (select 1 from padan)
