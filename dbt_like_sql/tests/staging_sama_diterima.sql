-- Typing and renaming may neither lose nor multiply a row.
select
    'dtks_rumah_tangga' as ukuran,
    cast(abs((select count(*) from staging.stg_dtks__rumah_tangga) - (select count(*) from raw.dtks_rumah_tangga)) as double) as nilai
union all
select
    'dtks_anggota' as ukuran,
    cast(abs((select count(*) from staging.stg_dtks__anggota) - (select count(*) from raw.dtks_anggota)) as double) as nilai
union all
select
    'regsosek_keluarga' as ukuran,
    cast(abs((select count(*) from staging.stg_regsosek__keluarga) - (select count(*) from raw.regsosek_keluarga)) as double) as nilai
union all
select
    'regsosek_anggota' as ukuran,
    cast(abs((select count(*) from staging.stg_regsosek__anggota) - (select count(*) from raw.regsosek_anggota)) as double) as nilai
union all
select
    'p3ke_keluarga' as ukuran,
    cast(abs((select count(*) from staging.stg_p3ke__keluarga) - (select count(*) from raw.p3ke_keluarga)) as double) as nilai
union all
select
    'p3ke_individu' as ukuran,
    cast(abs((select count(*) from staging.stg_p3ke__individu) - (select count(*) from raw.p3ke_individu)) as double) as nilai
union all
select
    'referensi_wilayah' as ukuran,
    cast(abs((select count(*) from staging.stg_referensi__wilayah) - (select count(*) from raw.referensi_wilayah)) as double) as nilai
union all
select
    'referensi_susenas' as ukuran,
    cast(abs((select count(*) from staging.stg_referensi__susenas) - (select count(*) from raw.referensi_susenas)) as double) as nilai
union all
select
    'dukcapil_penduduk' as ukuran,
    cast(abs((select count(*) from staging.stg_dukcapil__penduduk) - (select count(*) from raw.dukcapil_penduduk)) as double) as nilai
union all
select
    'pemutakhiran_usulan' as ukuran,
    cast(abs((select count(*) from staging.stg_pemutakhiran__usulan) - (select count(*) from raw.pemutakhiran_usulan)) as double) as nilai
