-- Grain: pair of records with a standing decision that binds; peluang is NULL where the pair was not drawn.
select
    record_l,
    record_r,
    putusan,
    nullif(stratum, '') as stratum,
    try_cast(peluang_terpilih as double) as peluang,
    try_cast(bobot as double) as bobot
from putusan
order by record_l, record_r
