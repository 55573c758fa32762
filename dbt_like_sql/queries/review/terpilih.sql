-- Grain: pair drawn for the queue: of each layer and kind as many as jatah grants, those of the lowest lots; in the order of lots.
with urut as (
    select
        *,
        row_number() over (partition by lapis, jenis order by undian, record_l, record_r) as ke
    from calon_tinjauan
)

select
    c.record_l,
    c.record_r,
    c.lapis,
    c.jenis,
    c.bobot,
    j.peluang
from urut as c
inner join jatah as j on c.lapis = j.lapis and c.jenis = j.jenis and c.ke <= j.jatah
order by c.undian, c.record_l, c.record_r
