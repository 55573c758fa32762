-- One row a DTKS household: the family (nuk) its head belongs to. hub_krt and the household's card speak of that family only.
select
    idbdt,
    coalesce(min(case when hub_krt = 1 then coalesce(nuk, 1) end), 1) as nuk_kepala
from staging.stg_dtks__anggota
group by idbdt
