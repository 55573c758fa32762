-- The date in a key; NULL of NULL.
create macro kunci_tanggal(kunci) as
    date '0001-01-01' + cast(kunci // 10 % 10000000 as integer)
