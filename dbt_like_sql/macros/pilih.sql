-- Aggregate: the value of the row that ranks first (urut 1) among those that have one. NULL never wins.
create macro pilih(nilai, urut) as
    min_by(nilai, urut) filter (where nilai is not null)
