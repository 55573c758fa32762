-- Quarantined rows nobody could explain to the sender, and reasons that point at no row.
with dikarantina as (
    select _file as file, _line as line from quarantine.dtks_rumah_tangga
    union all
    select _file as file, _line as line from quarantine.dtks_anggota
    union all
    select _file as file, _line as line from quarantine.regsosek_keluarga
    union all
    select _file as file, _line as line from quarantine.regsosek_anggota
    union all
    select _file as file, _line as line from quarantine.p3ke_keluarga
    union all
    select _file as file, _line as line from quarantine.p3ke_individu
    union all
    select _file as file, _line as line from quarantine.referensi_wilayah
    union all
    select _file as file, _line as line from quarantine.referensi_susenas
    union all
    select _file as file, _line as line from quarantine.dukcapil_penduduk
    union all
    select _file as file, _line as line from quarantine.pemutakhiran_usulan
),

beralasan as (
    select distinct file, line
    from quarantine.alasan
)

select
    'baris karantina tanpa alasan' as ukuran,
    cast(count(*) as double) as nilai
from dikarantina
left join beralasan on dikarantina.file = beralasan.file and dikarantina.line = beralasan.line
where beralasan.line is null
union all
select
    'alasan tanpa baris karantina' as ukuran,
    cast(count(*) as double) as nilai
from beralasan
left join dikarantina on beralasan.file = dikarantina.file and beralasan.line = dikarantina.line
where dikarantina.line is null
