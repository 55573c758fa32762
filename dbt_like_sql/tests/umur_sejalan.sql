-- Share of the members of Regsosek whose age, as told, is that of their birth date on the day of the interview, give or take a year.
with umur as (
    select
        case when abs(a.umur - date_diff('month', a.tgl_lahir, p.tanggal_amatan) / 12.0) < 2 then 1.0 else 0.0 end as sama
    from staging.stg_regsosek__anggota as a
    inner join intermediate.int_person_record as p on p.source = 'regsosek' and a.id_anggota = p.record_id
    where a.umur is not null and a.tgl_lahir_presisi = 'hari'
)

select 'regsosek: umur dan tanggal lahir / age and birth date' as ukuran, avg(sama) as nilai
from umur
having count(*) >= 100
union all
select 'terlalu sedikit untuk dibandingkan / too few to compare' as ukuran, 1.0 as nilai
where (select count(*) from umur) < 100
