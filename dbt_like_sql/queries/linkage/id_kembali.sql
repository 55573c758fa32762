-- Grain: cluster without an heir (table warisan) and the id that most of its records had before they were gone (view id_dulu).
-- Only ids that nobody carries now, and each once; ties as in tumpang_id.
with jumlah as (
    select b.kelompok, l.id, count(*) as jumlah
    from id_dulu as l
    inner join anggota_kelompok as b on l.record_uid = b.record_uid
    where b.kelompok not in (select kelompok from warisan)
        and l.id not in (select id from id_rilis_lalu)
    group by b.kelompok, l.id
),
satu as (
    select kelompok, id, jumlah
    from jumlah
    qualify row_number() over (partition by kelompok order by jumlah desc, id) = 1
)
select kelompok, id
from satu
qualify row_number() over (partition by id order by jumlah desc, kelompok) = 1
