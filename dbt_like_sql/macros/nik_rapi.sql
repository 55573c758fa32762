-- A NIK or KK as delivered without blanks, dots, quotes and the '.0' of a spreadsheet; letters stay, and so does the exponent of a
-- number that a spreadsheet rounded (3.57301E+15), for there the digits are gone and nothing may be repaired.
create macro nik_rapi(teks) as
    case
        when regexp_matches(teks, '^[0-9]{16}$') then teks
        when regexp_matches(upper(bersih(teks)), '^[0-9]+([.,][0-9]+)?E[+]?[0-9]+$') then upper(bersih(teks))
        else nullif(
            regexp_replace(regexp_replace(upper(kosong(teks)), '[.,]0{1,2}$', ''), '[^0-9A-Z]', '', 'g'), ''
        )
    end
