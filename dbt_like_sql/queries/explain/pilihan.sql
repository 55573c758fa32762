-- Grain: value that the coefficient table of $model knows of a fact.
select distinct
    kolom,
    jenis,
    nilai
from welfare.koefisien
where model = $model and jenis in ('kategori', 'ya')
order by kolom, nilai
