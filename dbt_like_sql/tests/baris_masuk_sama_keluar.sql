-- Rows of a file that were neither accepted nor quarantined, came out more than once, or were miscounted in the delivery note.
with diterima as (
    select _file as file from raw.dtks_rumah_tangga
    union all
    select _file as file from raw.dtks_anggota
    union all
    select _file as file from raw.regsosek_keluarga
    union all
    select _file as file from raw.regsosek_anggota
    union all
    select _file as file from raw.p3ke_keluarga
    union all
    select _file as file from raw.p3ke_individu
    union all
    select _file as file from raw.referensi_wilayah
    union all
    select _file as file from raw.referensi_susenas
    union all
    select _file as file from raw.dukcapil_penduduk
    union all
    select _file as file from raw.pemutakhiran_usulan
),

dikarantina as (
    select _file as file from quarantine.dtks_rumah_tangga
    union all
    select _file as file from quarantine.dtks_anggota
    union all
    select _file as file from quarantine.regsosek_keluarga
    union all
    select _file as file from quarantine.regsosek_anggota
    union all
    select _file as file from quarantine.p3ke_keluarga
    union all
    select _file as file from quarantine.p3ke_individu
    union all
    select _file as file from quarantine.referensi_wilayah
    union all
    select _file as file from quarantine.referensi_susenas
    union all
    select _file as file from quarantine.dukcapil_penduduk
    union all
    select _file as file from quarantine.pemutakhiran_usulan
),

keluar as (
    select
        file,
        cast(sum(terima) as bigint) as diterima,
        cast(sum(1 - terima) as bigint) as dikarantina
    from (
        select file, 1 as terima from diterima
        union all
        select file, 0 as terima from dikarantina
    ) as semua
    group by file
)

select
    kiriman.file as ukuran,
    cast(
        abs(kiriman.rows_read - coalesce(keluar.diterima, 0) - coalesce(keluar.dikarantina, 0))
        + abs(kiriman.rows_quarantined - coalesce(keluar.dikarantina, 0)) as double
    ) as nilai
from raw.deliveries as kiriman
left join keluar on kiriman.file = keluar.file
union all
select
    'baris dari berkas yang tidak tercatat sebagai kiriman' as ukuran,
    cast(coalesce(sum(keluar.diterima + keluar.dikarantina), 0) as double) as nilai
from keluar
left join raw.deliveries as kiriman on keluar.file = kiriman.file
where kiriman.file is null
