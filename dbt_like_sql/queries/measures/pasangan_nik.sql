-- Grain: pair of hidden records of two sources that share a NIK, and a first name or birth date; once for all and once for its
-- group.
with pas as (
    select
        l.unique_id as l,
        r.unique_id as r,
        l.nik,
        l.nama_akhir is null or r.nama_akhir is null as tunggal
    from tersembunyi as l
    inner join tersembunyi as r
        on
            l.nik = r.nik
            and l.unique_id < r.unique_id
            and split_part(l.record_uid, ':', 1) <> split_part(r.record_uid, ':', 1)
    where l.nama_depan = r.nama_depan or l.tgl_lahir = r.tgl_lahir
)

select
    'nik' as jenis,
    'semua' as kelompok,
    l,
    r,
    hash(nik) % $ember as ember
from pas
union all
select
    'nik' as jenis,
    concat('nama_tunggal=', case when tunggal then 'ya' else 'tidak' end) as kelompok,
    l,
    r,
    hash(nik) % $ember as ember
from pas
