-- Grain: family of this month or of the last release; empty where nothing was released before.
-- The score: skor_karena_data (this month's data by the last model, less the last score) and skor_karena_model (this month's score,
-- less this month's data by the last model) sum to the difference.
-- The tenth goes from desil_lalu to desil in three steps that sum to selisih; the first leaves all but the family itself as it was:
--   desil_karena_data       its own new data, against the last release's bounds
--   desil_karena_peringkat  the bounds moved with the data of the others
--   desil_karena_model      the new model: a shift that all families share moves nobody
-- sebab is one: a family in one of the two months alone is 'keluarga_baru' or 'keluarga_hilang'; ranked in one of them alone,
-- 'data_baru'; in the same tenth, 'tetap'; else the largest step in the direction of the whole, in the order 'data_baru',
-- 'model_baru', 'peringkat' where two are as large. In place of new data, a new or a lost family stands 'gabung' or 'pisah' where
-- that happened to the family.
with batas_lalu as (
    select
        max(case when desil_nasional = 1 then skor end) as b1,
        max(case when desil_nasional = 2 then skor end) as b2,
        max(case when desil_nasional = 3 then skor end) as b3,
        max(case when desil_nasional = 4 then skor end) as b4,
        max(case when desil_nasional = 5 then skor end) as b5,
        max(case when desil_nasional = 6 then skor end) as b6,
        max(case when desil_nasional = 7 then skor end) as b7,
        max(case when desil_nasional = 8 then skor end) as b8,
        max(case when desil_nasional = 9 then skor end) as b9
    from welfare.keluarga_lalu
),

-- Ranked by the last model, with the order and the tenths of welfare.desil.
urutan as (
    select
        s.family_id,
        s.skor,
        row_number() over (order by round(s.skor, 9), md5(s.family_id), s.family_id) as urutan,
        count(*) over () as keluarga
    from welfare.skor_model_lalu as s
),

kini as (
    select k.family_id, k.kode_kabupaten, k.nama_kabupaten, d.skor, d.desil_nasional, d.urutan_nasional
    from marts.keluarga as k
    left join welfare.desil as d on k.family_id = d.family_id
),

banding as (
    select
        coalesce(k.family_id, l.family_id) as family_id,
        coalesce(k.kode_kabupaten, l.kode_kabupaten) as kode_kabupaten,
        coalesce(k.nama_kabupaten, l.nama_kabupaten) as nama_kabupaten,
        l.family_id is not null as ada_lalu,
        k.family_id is not null as ada_kini,
        l.skor as skor_lalu,
        u.skor as skor_model_lalu,
        k.skor,
        l.desil_nasional as desil_lalu,
        case
            when l.desil_nasional is null or u.skor is null then null
            when round(u.skor, 9) = round(l.skor, 9) then l.desil_nasional
            when u.skor <= b.b1 then 1
            when u.skor <= b.b2 then 2
            when u.skor <= b.b3 then 3
            when u.skor <= b.b4 then 4
            when u.skor <= b.b5 then 5
            when u.skor <= b.b6 then 6
            when u.skor <= b.b7 then 7
            when u.skor <= b.b8 then 8
            when u.skor <= b.b9 then 9
            else 10
        end as desil_data,
        cast(ceil((10 * u.urutan - 5) / cast(u.keluarga as double)) as integer) as desil_model_lalu,
        u.urutan as urutan_model_lalu,
        k.desil_nasional as desil,
        k.urutan_nasional as urutan
    from kini as k
    full outer join welfare.keluarga_lalu as l on k.family_id = l.family_id
    left join urutan as u on k.family_id = u.family_id
    cross join batas_lalu as b
    where exists (select 1 from welfare.keluarga_lalu)
),

langkah as (
    select
        b.*,
        b.desil - b.desil_lalu as selisih,
        b.desil_data - b.desil_lalu as desil_karena_data,
        b.desil_model_lalu - b.desil_data as desil_karena_peringkat,
        b.desil - b.desil_model_lalu as desil_karena_model,
        sign(b.desil - b.desil_lalu) as arah
    from banding as b
),

datang_pergi as (
    select
        coalesce(a.family_id, l.family_id) as family_id,
        count(*) filter (where l.person_id is null) as anggota_datang,
        count(*) filter (where a.person_id is null) as anggota_pergi
    from marts.anggota as a
    full outer join welfare.anggota_lalu as l on a.person_id = l.person_id and a.family_id = l.family_id
    group by coalesce(a.family_id, l.family_id)
)

select
    h.family_id,
    h.kode_kabupaten,
    h.nama_kabupaten,
    h.ada_lalu,
    h.ada_kini,
    h.desil_lalu,
    h.desil,
    h.selisih,
    case
        when not h.ada_kini then coalesce(p.peristiwa, 'keluarga_hilang')
        when not h.ada_lalu then coalesce(p.peristiwa, 'keluarga_baru')
        when h.desil is null and h.desil_lalu is null then 'tetap'
        when h.desil is null or h.desil_lalu is null then coalesce(p.peristiwa, 'data_baru')
        when h.selisih = 0 then 'tetap'
        when
            h.desil_karena_data * h.arah >= greatest(h.desil_karena_model * h.arah, h.desil_karena_peringkat * h.arah)
            then coalesce(p.peristiwa, 'data_baru')
        when h.desil_karena_model * h.arah >= h.desil_karena_peringkat * h.arah then 'model_baru'
        else 'peringkat'
    end as sebab,
    h.desil_karena_data,
    h.desil_karena_peringkat,
    h.desil_karena_model,
    h.skor_lalu,
    h.skor,
    h.skor - h.skor_lalu as skor_selisih,
    h.skor_model_lalu - h.skor_lalu as skor_karena_data,
    case when h.skor_lalu is not null then h.skor - h.skor_model_lalu end as skor_karena_model,
    h.skor_model_lalu,
    h.desil_model_lalu,
    h.urutan_model_lalu,
    h.urutan,
    p.peristiwa,
    p.family_id_lain,
    coalesce(d.anggota_datang, 0) as anggota_datang,
    coalesce(d.anggota_pergi, 0) as anggota_pergi,
    coalesce(f.kolom, '') as data_berubah
from langkah as h
left join welfare.peristiwa_keluarga as p on h.family_id = p.family_id
left join datang_pergi as d on h.family_id = d.family_id
left join welfare.data_berubah as f on h.family_id = f.family_id
