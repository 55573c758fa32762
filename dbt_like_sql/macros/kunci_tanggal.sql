-- The date in a key; NULL of NULL.
create macro kunci_tanggal(kunci) as
    date '1970-01-01' + cast(kunci // 10 % 100000 as integer)
