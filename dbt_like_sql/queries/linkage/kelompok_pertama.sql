-- Grain: cluster, its first record, and the id that it inherits (table warisan) or gets back (table kembali), if any.
with pertama as (
    select kelompok, min(record_uid) as record_uid
    from anggota_kelompok
    group by kelompok
)
select p.kelompok, p.record_uid, coalesce(w.id, k.id) as id_lama
from pertama as p
left join warisan as w on p.kelompok = w.kelompok
left join kembali as k on p.kelompok = k.kelompok
