-- One row a roster (a DTKS household, a Regsosek or P3KE family): where it lives, its card, when it was last asked.
-- Members and families take the area and the date from here, so both say the same.
with roster as (
    select
        'dtks' as source,
        idbdt as roster_id,
        nik_rapi(nokk) as kk_rapi,
        cast(null as varchar) as nik_kepala_rapi,
        alamat,
        nama_sls,
        'bps' as sistem,
        concat(kdprop, kdkab, kdkec, kddesa) as kode_sumber,
        lastupdatedata as tanggal
    from staging.stg_dtks__rumah_tangga
    union all
    select
        'regsosek' as source,
        id_keluarga as roster_id,
        nik_rapi(no_kk) as kk_rapi,
        cast(null as varchar) as nik_kepala_rapi,
        alamat,
        nama_sls,
        'bps' as sistem,
        concat(kode_provinsi, kode_kabupaten, kode_kecamatan, kode_desa) as kode_sumber,
        tanggal_pendataan as tanggal
    from staging.stg_regsosek__keluarga
    union all
    select
        'p3ke' as source,
        id_keluarga as roster_id,
        nik_rapi(no_kk) as kk_rapi,
        nik_rapi(nik) as nik_kepala_rapi,
        alamat,
        cast(null as varchar) as nama_sls,
        'kemendagri' as sistem,
        kode_kemdagri as kode_sumber,
        tanggal_data as tanggal
    from staging.stg_p3ke__keluarga
),

angka as (
    select
        source,
        roster_id,
        nik_angka(kk_rapi) as kk_angka,
        nik_angka(nik_kepala_rapi) as nik_kepala_angka,
        alamat,
        nama_sls,
        sistem,
        kode_sumber,
        tanggal
    from roster
)

select
    r.source,
    r.roster_id,
    nik_bukan_semu(r.kk_angka) as kk,
    nik_bukan_semu(r.nik_kepala_angka) as nik_kepala,
    alamat_baku(r.alamat) as alamat_baku,
    coalesce(rt_rw(r.nama_sls), teks_baku(r.nama_sls), rt_rw(r.alamat)) as sls,
    w.kode_desa,
    w.kode_kecamatan,
    w.kode_kabupaten,
    w.kode_provinsi,
    -- a date after the month is a slip of the pen; left alone it would win every comparison of dates for ever
    case when r.tanggal <= k.tanggal_batas then r.tanggal else k.tanggal_kirim end as tanggal_amatan
from angka as r
inner join intermediate.int_kiriman as k on r.source = k.source
left join intermediate.int_wilayah__desa as w on r.sistem = w.sistem and r.kode_sumber = w.kode_sumber
