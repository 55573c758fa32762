-- A source that must come every month and brought no usable row: every later share would look fine without it.
select 'dtks_rumah_tangga' as ukuran, cast(count(*) as double) as nilai from raw.dtks_rumah_tangga
union all
select 'dtks_anggota' as ukuran, cast(count(*) as double) as nilai from raw.dtks_anggota
union all
select 'regsosek_keluarga' as ukuran, cast(count(*) as double) as nilai from raw.regsosek_keluarga
union all
select 'regsosek_anggota' as ukuran, cast(count(*) as double) as nilai from raw.regsosek_anggota
union all
select 'p3ke_keluarga' as ukuran, cast(count(*) as double) as nilai from raw.p3ke_keluarga
union all
select 'p3ke_individu' as ukuran, cast(count(*) as double) as nilai from raw.p3ke_individu
union all
select 'referensi_wilayah' as ukuran, cast(count(*) as double) as nilai from raw.referensi_wilayah
union all
select 'referensi_susenas' as ukuran, cast(count(*) as double) as nilai from raw.referensi_susenas
