-- Grain: area and tenth (0: the total); its families, and whether the earlier release (publikasi.lalu) withheld them.
select
    s.jalur,
    s.induk,
    s.desil,
    s.keluarga,
    l.jalur is not null and l.keluarga is null as ditahan
from publikasi.sel as s
left join publikasi.lalu as l on s.jalur = l.jalur and s.desil = l.desil
order by s.tingkat, s.jalur, s.desil
