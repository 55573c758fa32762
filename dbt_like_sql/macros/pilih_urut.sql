-- Aggregate: the rank of the row whose value pilih takes.
create macro pilih_urut(nilai, urut) as
    min(case when nilai is not null then urut end)
