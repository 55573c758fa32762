-- Share of records whose family card was issued in the regency that they live in, by source: a card changes with a move, so the two
-- agree unless one of the columns speaks of elsewhere, or in another system of codes.
with kartu as (
    select
        p.source,
        case when left(p.kk, 4) in (p.kode_kabupaten, w.kode_sumber) then 1.0 else 0.0 end as sama
    from intermediate.int_person_record as p
    left join (
        select kode_sumber, min(kode_kini) as kode_kini
        from intermediate.int_wilayah__peta
        where sistem = 'kemendagri' and length(kode_sumber) = 4
        group by kode_sumber
    ) as w on left(p.kk, 4) = w.kode_sumber and p.kode_kabupaten = w.kode_kini
    where p.kk is not null and p.kode_kabupaten is not null
),

sumber as (
    select source, count(*) as rekaman, avg(sama) as nilai
    from kartu
    group by source
)

select source as ukuran, nilai
from sumber
where rekaman >= 100
union all
select 'tidak ada sumber yang cukup besar / no source is large enough' as ukuran, 1.0 as nilai
where not exists (select 1 from sumber where rekaman >= 100)
