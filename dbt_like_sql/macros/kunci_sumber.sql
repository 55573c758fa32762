-- The source in a key, out of the comma list of sources by priority; NULL of NULL.
create macro kunci_sumber(kunci, daftar) as
    split_part(daftar, ',', cast(kunci % 10 as integer))
