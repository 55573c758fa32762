-- Grain: tenth of the surveyed households by the full model's score, out of sample. Its mean score and its mean true value.
with persepuluhan as (
    select *, ntile(10) over (order by skor, id_ruta) as bagian
    from welfare.luar_sampel
    where model = 'lengkap'
)

select
    sum(skor * penimbang) / sum(penimbang) as rata_skor,
    sum(nyata * penimbang) / sum(penimbang) as rata_nyata
from persepuluhan
group by bagian
order by bagian
