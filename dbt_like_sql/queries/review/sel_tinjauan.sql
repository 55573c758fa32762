-- Grain: layer and kind with undecided pairs; how many.
select
    lapis,
    jenis,
    count(*) as jumlah
from calon_tinjauan
group by lapis, jenis
order by lapis, jenis
