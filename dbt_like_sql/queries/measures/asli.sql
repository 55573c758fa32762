-- Grain: node of the sample that is to be damaged: by which of $jenis kinds, at which letter (tempat) and digit (letak), its first
-- name with a slip of the pen (salah), and the family card and place of another node of the sample.
with nomor as (
    select
        s.*,
        c.nomor,
        hash(s.wakil, 'jenis') % $jenis as kerusakan,
        cast(2 + hash(s.wakil, 'tempat') % greatest(length(s.nama_depan) - 1, 1) as integer) as tempat,
        cast(1 + hash(s.wakil, 'letak') % 16 as integer) as letak,
        l.kk as kk_lain,
        l.desa as desa_lain,
        l.kecamatan as kecamatan_lain,
        l.kabupaten as kabupaten_lain,
        l.alamat as alamat_lain
    from linkage.simpul as s
    inner join contoh as c on s.unique_id = c.unique_id
    left join contoh as d on d.nomor = c.nomor + 1
    left join linkage.simpul as l on d.unique_id = l.unique_id
)

select
    *,
    -- One letter after the first: dropped, swapped with its neighbour, or another in its stead.
    case hash(wakil, 'cara') % 3
        when 0 then concat(left(nama_depan, tempat - 1), substr(nama_depan, tempat + 1))
        when 1 then concat(
            left(nama_depan, tempat - 1),
            substr(nama_depan, tempat + 1, 1),
            substr(nama_depan, tempat, 1),
            substr(nama_depan, tempat + 2)
        )
        else concat(
            left(nama_depan, tempat - 1),
            chr(cast(65 + (ascii(substr(nama_depan, tempat, 1)) - 65 + 1 + hash(wakil, 'huruf') % 25) % 26 as integer)),
            substr(nama_depan, tempat + 1)
        )
    end as salah
from nomor
