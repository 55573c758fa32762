-- Provinces that spend less in Susenas should have the lower mean decile. Two points always correlate, so it takes three.
with susenas as (
    select kode_provinsi, sum(ln(pengeluaran_per_kapita) * penimbang) / sum(penimbang) as pengeluaran
    from intermediate.int_susenas
    where pengeluaran_per_kapita > 0 and penimbang > 0
    group by kode_provinsi
),

peringkat as (
    select keluarga.kode_provinsi, avg(cast(desil.desil_nasional as double)) as desil
    from welfare.desil as desil
    inner join marts.keluarga as keluarga on desil.family_id = keluarga.family_id
    group by keluarga.kode_provinsi
)

select
    case
        when count(*) < 3 then 'kurang dari tiga provinsi, tidak dibandingkan'
        else 'korelasi desil dan pengeluaran Susenas'
    end as ukuran,
    case when count(*) < 3 then 1.0 else corr(susenas.pengeluaran, peringkat.desil) end as nilai
from susenas
inner join peringkat on susenas.kode_provinsi = peringkat.kode_provinsi
