-- INTEGER code of a code list, or NULL when it is no code; '1', '01' and '1.0' are the same code. Codes have no sign.
-- Nearly all codes are one digit: the first branch saves a regular expression for each of forty columns.
create macro kode(teks) as
    case
        when length(teks) = 1 and teks between '0' and '9' then ascii(teks) - 48
        else try_cast(regexp_extract(bersih(teks), '^([0-9]+)([.,]0*)?$', 1) as integer)
    end
