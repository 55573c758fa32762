-- Grain: that of publikasi.sel. What the open tables say: nothing where the cell is withheld, else a multiple of 5. A figure of the
-- last release (publikasi.lalu) stands until the truth is 12 families, or 36 persons, away from it: as the figure was at most 2 off
-- when it was made, a new one always means 10 families or more.
with keluarga as (
    select
        s.tingkat,
        s.jalur,
        s.induk,
        s.kode_provinsi,
        s.nama_provinsi,
        s.kode_kabupaten,
        s.nama_kabupaten,
        s.kode_kecamatan,
        s.nama_kecamatan,
        s.desil,
        l.orang as orang_lalu,
        case when t.jalur is null then s.orang end as orang,
        case
            when t.jalur is not null then null
            when abs(s.keluarga - l.keluarga) < 12 then l.keluarga
            else cast(5 * floor((s.keluarga + 2) / 5.0) as bigint)
        end as keluarga
    from publikasi.sel as s
    left join publikasi.ditahan as t on s.jalur = t.jalur and s.desil = t.desil
    left join publikasi.lalu as l on s.jalur = l.jalur and s.desil = l.desil
)

select
    tingkat,
    jalur,
    induk,
    kode_provinsi,
    nama_provinsi,
    kode_kabupaten,
    nama_kabupaten,
    kode_kecamatan,
    nama_kecamatan,
    desil,
    keluarga,
    case
        when orang is null then null
        when abs(orang - orang_lalu) < 36 and orang_lalu >= keluarga then orang_lalu
        else cast(5 * floor((orang + 2) / 5.0) as bigint)
    end as orang
from keluarga
