-- Members delivered, as a multiple of the members that the family rows speak of. P3KE does not count them: there it is the share of
-- families of whom any member came.
select
    'dtks' as ukuran,
    cast((select count(*) from staging.stg_dtks__anggota) as double) / nullif(sum(jumlah_art), 0) as nilai
from staging.stg_dtks__rumah_tangga
union all
select
    'regsosek' as ukuran,
    cast((select count(*) from staging.stg_regsosek__anggota) as double) / nullif(sum(jumlah_anggota), 0) as nilai
from staging.stg_regsosek__keluarga
union all
select
    'p3ke' as ukuran,
    avg(case when individu.id_keluarga is not null then 1.0 else 0.0 end) as nilai
from staging.stg_p3ke__keluarga as keluarga
left join (select distinct id_keluarga from staging.stg_p3ke__individu) as individu
    on keluarga.id_keluarga = individu.id_keluarga
