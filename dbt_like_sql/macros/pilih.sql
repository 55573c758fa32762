-- Aggregate: the value of the row with the lowest key (kunci_urut) among those that have one. NULL never wins.
create macro pilih(nilai, kunci) as
    min_by(nilai, kunci) filter (where nilai is not null)
