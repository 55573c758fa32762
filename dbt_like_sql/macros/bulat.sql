-- INTEGER, or NULL when it is no whole number; '3', '03', '3.0' and '3,0' are the same number, '3.5' is none.
create macro bulat(teks) as
    try_cast(regexp_extract(bersih(teks), '^([+-]?[0-9]+)([.,]0*)?$', 1) as integer)
