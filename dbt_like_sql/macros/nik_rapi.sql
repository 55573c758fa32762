-- A NIK or KK as delivered without blanks, dots, quotes and the '.0' of a spreadsheet; letters stay, and so does the exponent of a
-- number that a spreadsheet rounded (3.57301E+15), for there the digits are gone and nothing may be repaired.
-- The first branch is for speed: nearly all need nothing.
create macro nik_rapi(teks) as
    case
        when length(teks) = 16 and ltrim(teks, '0123456789') = '' then teks
        when regexp_matches(upper(bersih(teks)), '^[0-9]+([.,][0-9]+)?E[+]?[0-9]+$') then upper(bersih(teks))
        else nullif(
            nullif(
                nullif(
                    nullif(
                        regexp_replace(regexp_replace(upper(bersih(teks)), '[.,]0{1,2}$', ''), '[^0-9A-Z]', '', 'g'), ''
                    ),
                    'NULL'
                ),
                'NA'
            ),
            'NAN'
        )
    end
