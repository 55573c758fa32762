-- Grain: column of the score; the lowest level of area ($kabupaten, $provinsi, the nation) whose average stands in for a value.
select
    kolom,
    min_by(tingkat, case tingkat when 'kode_kabupaten' then 1 when 'kode_provinsi' then 2 else 3 end) as tingkat
from welfare.isian
where
    model = $model
    and (
        tingkat = 'nasional'
        or (tingkat = 'kode_provinsi' and kode = $provinsi)
        or (tingkat = 'kode_kabupaten' and kode = $kabupaten)
    )
group by kolom
