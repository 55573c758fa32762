-- Grain: person and the family the person lives in now. The newest interview says where a person lives, but not a roster in
-- which the person carries another family's card: that is a visitor, or a row that slipped. Ties go by the record's name.
with rumah as (
    select o.orang, o.record_uid, o.rumah, k.keluarga
    from linkage.orang as o
    inner join linkage.kelompok_keluarga as k on o.rumah = k.rumah
),
satu as (
    select orang, min(keluarga) as keluarga, max(keluarga) as lain
    from rumah
    group by orang
),
calon as (
    select
        r.orang,
        r.keluarga,
        row_number() over (
            partition by r.orang
            order by
                case when p.status_keberadaan in ('meninggal', 'pindah', 'tidak_ditemukan') then 1 else 0 end,
                case when p.kk <> f.kk then 1 else 0 end,
                case when p.hubungan = 8 then 2 when p.hubungan > 4 then 1 else 0 end,
                p.tanggal_amatan desc nulls last,
                p.record_uid
        ) as urutan
    from satu as s
    inner join rumah as r on s.orang = r.orang
    inner join intermediate.int_person_record as p on r.record_uid = p.record_uid
    inner join linkage.rumah as f on r.rumah = f.rumah
    where s.keluarga <> s.lain
)
select orang, keluarga
from satu
where keluarga = lain
union all
select orang, keluarga
from calon
where urutan = 1
