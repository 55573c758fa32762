-- One row a village code as a source writes it (known, or delivered this month): the area it stands for now, as far as known.
-- A village nobody knows still lies in a kecamatan, a regency or a province that somebody does.
with kode as (
    select sistem, kode_sumber
    from intermediate.int_wilayah__peta
    where length(kode_sumber) = 10
    union
    select 'bps' as sistem, concat(kdprop, kdkab, kdkec, kddesa) as kode_sumber
    from staging.stg_dtks__rumah_tangga
    union
    select 'bps' as sistem, concat(kode_provinsi, kode_kabupaten, kode_kecamatan, kode_desa) as kode_sumber
    from staging.stg_regsosek__keluarga
    union
    select 'kemendagri' as sistem, kode_kemdagri as kode_sumber
    from staging.stg_p3ke__keluarga
),

-- the prefixes of a BPS code are 2, 4 and 7 digits, those of a Kemendagri code 2, 4 and 6
tingkat as (
    select
        k.sistem,
        k.kode_sumber,
        d.kode_kini as desa,
        coalesce(left(d.kode_kini, 6), c.kode_kini) as kecamatan,
        b.kode_kini as kabupaten,
        p.kode_kini as provinsi
    from kode as k
    left join intermediate.int_wilayah__peta as d on k.sistem = d.sistem and k.kode_sumber = d.kode_sumber
    left join intermediate.int_wilayah__peta as c
        on k.sistem = c.sistem and left(k.kode_sumber, case k.sistem when 'bps' then 7 else 6 end) = c.kode_sumber
    left join intermediate.int_wilayah__peta as b on k.sistem = b.sistem and left(k.kode_sumber, 4) = b.kode_sumber
    left join intermediate.int_wilayah__peta as p on k.sistem = p.sistem and left(k.kode_sumber, 2) = p.kode_sumber
    where length(k.kode_sumber) = 10
),

lengkap as (
    select
        sistem,
        kode_sumber,
        desa as kode_desa,
        kecamatan as kode_kecamatan,
        coalesce(left(kecamatan, 4), kabupaten) as kode_kabupaten,
        coalesce(left(kecamatan, 2), left(kabupaten, 2), provinsi) as kode_provinsi
    from tingkat
)

select
    l.sistem,
    l.kode_sumber,
    l.kode_desa,
    l.kode_kecamatan,
    l.kode_kabupaten,
    l.kode_provinsi,
    d.nama as nama_desa,
    c.nama as nama_kecamatan,
    b.nama as nama_kabupaten,
    p.nama as nama_provinsi
from lengkap as l
left join intermediate.int_wilayah__aktif as d on l.kode_desa = d.kode_kemendagri
left join intermediate.int_wilayah__aktif as c on l.kode_kecamatan = c.kode_kemendagri
left join intermediate.int_wilayah__aktif as b on l.kode_kabupaten = b.kode_kemendagri
left join intermediate.int_wilayah__aktif as p on l.kode_provinsi = p.kode_kemendagri
