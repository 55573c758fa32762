-- Grain: scored family. Tenths of families by score, in the nation, the province and the regency or city.
-- Rule of the tenth: family number r of n, poorest first, is in desil ceil((10 r - 5) / n). Sizes differ by one family at most, and
-- an area of fewer than ten families is spread over the ten instead of filling only the first ones.
-- Ties (scores equal to nine digits) are ordered by md5 of the family id: the same in every run and engine, and nothing a family
-- or an officer can choose, as the id is a surrogate.
-- peluang_*: chance, given the error of the score, that the family's own consumption lies in those national tenths; the normal
-- distribution by the logistic approximation of Bowling et al. (2009), off by less than 0.0002, which every engine can compute.
with urutan as (
    select
        s.family_id,
        s.skor,
        s.galat,
        f.kode_provinsi,
        f.kode_kabupaten,
        row_number() over (order by round(s.skor, 9), md5(s.family_id), s.family_id) as r_nasional,
        count(*) over () as n_nasional,
        row_number() over (partition by f.kode_provinsi order by round(s.skor, 9), md5(s.family_id), s.family_id) as r_provinsi,
        count(*) over (partition by f.kode_provinsi) as n_provinsi,
        row_number() over (partition by f.kode_kabupaten order by round(s.skor, 9), md5(s.family_id), s.family_id) as r_kabupaten,
        count(*) over (partition by f.kode_kabupaten) as n_kabupaten
    from welfare.skor as s
    inner join welfare.fitur_keluarga as f on s.family_id = f.family_id
),

desil as (
    select
        u.family_id,
        u.skor,
        u.galat,
        u.r_nasional as urutan_nasional,
        cast(ceil((10 * u.r_nasional - 5) / cast(u.n_nasional as double)) as integer) as desil_nasional,
        case
            when u.kode_provinsi is not null
                then cast(ceil((10 * u.r_provinsi - 5) / cast(u.n_provinsi as double)) as integer)
        end as desil_provinsi,
        case
            when u.kode_kabupaten is not null
                then cast(ceil((10 * u.r_kabupaten - 5) / cast(u.n_kabupaten as double)) as integer)
        end as desil_kabupaten_kota
    from urutan as u
),

-- Chance that the family's own consumption lies at or below the upper bound of each tenth; the tenth has no upper bound.
peluang as (
    select
        d.family_id,
        b.desil,
        case
            when b.batas_konsumsi is null then 1.0
            else 1 / (1 + exp(
                -1.5976 * ((b.batas_konsumsi - d.skor) / d.galat) - 0.07056 * power((b.batas_konsumsi - d.skor) / d.galat, 3)
            ))
        end as p
    from desil as d
    cross join welfare.batas_desil as b
    where b.desil = 4 or b.desil between d.desil_nasional - 2 and d.desil_nasional + 1
)

select
    d.family_id,
    d.skor,
    d.galat,
    d.urutan_nasional,
    d.desil_nasional,
    d.desil_provinsi,
    d.desil_kabupaten_kota,
    round(max(case when p.desil = 4 then p.p end), 4) as peluang_desil_1_4,
    round(
        coalesce(max(case when p.desil = d.desil_nasional - 1 then p.p end), 0)
        - coalesce(max(case when p.desil = d.desil_nasional - 2 then p.p end), 0), 4
    ) as peluang_desil_bawah,
    round(
        max(case when p.desil = d.desil_nasional then p.p end)
        - coalesce(max(case when p.desil = d.desil_nasional - 1 then p.p end), 0), 4
    ) as peluang_desil_ini,
    round(
        coalesce(
            max(case when p.desil = d.desil_nasional + 1 then p.p end) - max(case when p.desil = d.desil_nasional then p.p end), 0
        ), 4
    ) as peluang_desil_atas
from desil as d
inner join peluang as p on d.family_id = p.family_id
group by
    d.family_id, d.skor, d.galat, d.urutan_nasional, d.desil_nasional, d.desil_provinsi, d.desil_kabupaten_kota
