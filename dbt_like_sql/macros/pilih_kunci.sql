-- Aggregate: the key of the row whose value pilih takes.
create macro pilih_kunci(nilai, kunci) as
    min(case when nilai is not null then kunci end)
