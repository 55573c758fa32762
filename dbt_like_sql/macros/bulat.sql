-- INTEGER, or NULL when it is no whole number; '3', '03', '3.0' and '3,0' are the same number, '3.5' is none.
create macro bulat(teks) as
    case
        when length(teks) = 1 and teks between '0' and '9' then ascii(teks) - 48
        else try_cast(regexp_extract(bersih(teks), '^([+-]?[0-9]+)([.,]0*)?$', 1) as integer)
    end
