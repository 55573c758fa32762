-- A NIK or KK as delivered without blanks, dots, quotes and the '.0' of a spreadsheet; letters stay, and so does the exponent of a
-- number that a spreadsheet rounded (3.57301E+15), for there the digits are gone and nothing may be repaired.
-- The first branch is for speed: nearly all need nothing. No part is written twice, or DuckDB computes it for every row.
create macro nik_rapi(teks) as
    case
        when regexp_matches(teks, '^[0-9]{16}$') then teks
        when regexp_matches(teks, '^[^0-9A-Za-z]*[0-9]+([.,][0-9]+)?[Ee][+]?[0-9]+[^0-9A-Za-z]*$')
            then upper(regexp_replace(teks, '[^0-9.,Ee+]+', '', 'g'))
        else nullif(
            nullif(
                nullif(
                    nullif(
                        regexp_replace(
                            regexp_replace(upper(teks), '[.,]0{1,2}[^0-9A-Z]*$', ''), '[^0-9A-Z]+', '', 'g'
                        ),
                        ''
                    ),
                    'NULL'
                ),
                'NA'
            ),
            'NAN'
        )
    end
