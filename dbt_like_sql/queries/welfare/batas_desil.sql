-- Grain: desil. Reads the frame `batas_dihitung`, in which a bound that is not there (of the last desil) is NaN.
select
    cast(desil as integer) as desil,
    nullif(batas_konsumsi, cast('nan' as double)) as batas_konsumsi,
    nullif(pengeluaran, cast('nan' as double)) as pengeluaran
from batas_dihitung
