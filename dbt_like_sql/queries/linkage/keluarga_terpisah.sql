-- Grain: pair of family records in one component that must not become one family. Two family records of one source that share no
-- person are two families, whatever a chain over another source says. Reads the view komponen (rumah, komponen).
with anggota as (
    select r.rumah, r.source, k.komponen
    from linkage.rumah as r
    inner join komponen as k on r.rumah = k.rumah
)
select l.rumah as l, r.rumah as r
from anggota as l
inner join anggota as r on l.komponen = r.komponen and l.source = r.source and l.rumah < r.rumah
left join linkage.pasangan_keluarga as p on p.rumah_l = l.rumah and p.rumah_r = r.rumah
where not coalesce(p.gabung, false)
order by 1, 2
