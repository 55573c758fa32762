-- INTEGER code of a code list, or NULL when it is no code; '1', '01' and '1.0' are the same code. Codes have no sign.
create macro kode(teks) as
    try_cast(regexp_extract(bersih(teks), '^([0-9]+)([.,]0*)?$', 1) as integer)
