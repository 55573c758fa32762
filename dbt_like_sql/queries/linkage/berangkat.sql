-- Grain: person who has left the parents' family, and a number for the new family. Who married, is missing in a newer interview
-- of the parents' family and is listed nowhere else has left: couple and children are a family of their own, whose home nobody
-- has seen yet. Of unmarried children missing there, half have only been forgotten.
-- $bulan: missing for more months than this; $umur: a spouse younger than this is a young one.
with keluarga_terakhir as (
    select k.keluarga, max(r.tanggal) as tanggal
    from linkage.kelompok_keluarga as k
    inner join linkage.rumah as r on k.rumah = r.rumah
    group by k.keluarga
),
orang_terakhir as (
    select k.orang, k.keluarga, max(r.tanggal) as tanggal
    from linkage.keluarga_orang as k
    inner join linkage.orang as o on k.orang = o.orang
    inner join linkage.rumah as r on o.rumah = r.rumah
    inner join linkage.kelompok_keluarga as g on r.rumah = g.rumah and k.keluarga = g.keluarga
    group by k.orang, k.keluarga
),
lama as (
    select o.orang, o.keluarga, o.tanggal
    from orang_terakhir as o
    inner join keluarga_terakhir as k on o.keluarga = k.keluarga
    where date_diff('month', o.tanggal, k.tanggal) > $bulan
),
tak_ada as (
    select
        l.orang,
        l.keluarga,
        max_by(p.hubungan, p.tanggal_amatan) as hubungan,
        max_by(p.status_kawin, p.tanggal_amatan) = 2
        and max_by(p.hubungan, p.tanggal_amatan) in (3, 4)
        and year(l.tanggal) - max(p.tahun_lahir) < $umur as pasangan_muda
    from lama as l
    inner join linkage.orang as o on l.orang = o.orang
    inner join linkage.kelompok_keluarga as g on o.rumah = g.rumah and l.keluarga = g.keluarga
    inner join intermediate.int_person_record as p on o.record_uid = p.record_uid
    group by l.orang, l.keluarga, l.tanggal
),
rombongan as (
    select keluarga, min(orang) as kepala
    from tak_ada
    where pasangan_muda
    group by keluarga
)
select t.orang, -r.kepala as keluarga
from tak_ada as t
inner join rombongan as r on t.keluarga = r.keluarga
where t.pasangan_muda or t.hubungan in (4, 5)
