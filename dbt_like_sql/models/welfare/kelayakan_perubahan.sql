-- Grain: programme and family that enters ('masuk') or leaves ('keluar') what its policy reaches; empty where nothing was released
-- before. sebab names the last of four steps that brought the family to its present side, each on top of the ones before:
--   'data_baru'   its own new data, against the score at which the programme ended last time
--   'peringkat'   the other families' new data, which moved the ranking
--   'model_baru'  the new model
--   'kebijakan'   the new policy: cut-off, quota, or a programme that is new or has ended
-- A family in one of the two months alone is 'keluarga_baru' or 'keluarga_hilang'. In place of new data, a new or a lost family
-- stands 'gabung' or 'pisah' where that happened to the family.
with batas as (
    select k.program, max(l.skor) as skor
    from welfare.kelayakan_lalu as k
    inner join welfare.keluarga_lalu as l on k.family_id = l.family_id
    group by k.program
),

beda as (
    select
        coalesce(k.program, l.program) as program,
        coalesce(k.family_id, l.family_id) as family_id,
        l.family_id is null as masuk
    from (select program, family_id from welfare.kelayakan) as k
    full outer join (select program, family_id from welfare.kelayakan_lalu) as l
        on k.program = l.program and k.family_id = l.family_id
    where k.family_id is null or l.family_id is null
),

langkah as (
    select
        b.program,
        b.family_id,
        b.masuk,
        p.ada_lalu,
        p.ada_kini,
        p.desil_lalu,
        p.desil,
        p.peristiwa,
        p.skor_selisih,
        coalesce(p.skor_model_lalu <= t.skor, false) as dengan_data,
        coalesce(
            p.desil_model_lalu <= lama.desil_maks and (lama.kuota is null or p.urutan_model_lalu <= lama.kuota), false
        ) as dengan_peringkat,
        coalesce(p.desil <= lama.desil_maks and (lama.kuota is null or p.urutan <= lama.kuota), false) as dengan_model
    from beda as b
    inner join welfare.perubahan as p on b.family_id = p.family_id
    left join batas as t on b.program = t.program
    left join welfare.kebijakan_lalu as lama on b.program = lama.program
)

select
    program,
    family_id,
    case when masuk then 'masuk' else 'keluar' end as arah,
    case
        when not ada_kini then coalesce(peristiwa, 'keluarga_hilang')
        when not ada_lalu then coalesce(peristiwa, 'keluarga_baru')
        when skor_selisih is null then coalesce(peristiwa, 'data_baru')
        when dengan_model <> masuk then 'kebijakan'
        when dengan_peringkat <> masuk then 'model_baru'
        when dengan_data <> masuk then 'peringkat'
        else coalesce(peristiwa, 'data_baru')
    end as sebab,
    desil_lalu,
    desil
from langkah
