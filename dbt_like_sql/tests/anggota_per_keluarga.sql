-- Share of families whose own members came with them: as many as the family row speaks of (DTKS, Regsosek), headed by the NIK that
-- the family row names (P3KE). Of fewer than a hundred families a share says too little.
with banding as (
    select 'dtks' as source, case when r.jumlah_art = coalesce(a.orang, 0) then 1.0 else 0.0 end as sama
    from staging.stg_dtks__rumah_tangga as r
    left join (select idbdt, count(*) as orang from staging.stg_dtks__anggota group by idbdt) as a on r.idbdt = a.idbdt
    where r.jumlah_art is not null
    union all
    select 'regsosek' as source, case when k.jumlah_anggota = coalesce(a.orang, 0) then 1.0 else 0.0 end as sama
    from staging.stg_regsosek__keluarga as k
    left join (select id_keluarga, count(*) as orang from staging.stg_regsosek__anggota group by id_keluarga) as a
        on k.id_keluarga = a.id_keluarga
    where k.jumlah_anggota is not null
    union all
    select 'p3ke' as source, case when k.nik = i.nik then 1.0 else 0.0 end as sama
    from staging.stg_p3ke__keluarga as k
    inner join (
        select id_keluarga, min(nik) as nik
        from staging.stg_p3ke__individu
        where hub_dgn_kpl_keluarga = 'Kepala Keluarga'
        group by id_keluarga
    ) as i on k.id_keluarga = i.id_keluarga
    where k.nik is not null and i.nik is not null
),

sumber as (
    select source, count(*) as keluarga, avg(sama) as nilai
    from banding
    group by source
)

select source as ukuran, nilai
from sumber
where keluarga >= 100
union all
select 'tidak ada sumber yang cukup besar / no source is large enough' as ukuran, 1.0 as nilai
where not exists (select 1 from sumber where keluarga >= 100)
