-- TRUE for the zero of a program, which says that nobody entered a date: of spreadsheets (1899-12-30, 1900-01-00, 1904-01-01, numbers 0 to 2),
-- databases (0000-00-00, 1753-01-01, 1601-01-01), languages (0001-01-01), forms (1111-11-11, 9999-12-31), in any form and with any clock.
-- Not 1970-01-01, on which people are born too: int_hari_semu.
create macro tanggal_nol(teks) as
    case
        when length(teks) = 10 and substr(teks, 5, 1) = '-' and left(teks, 4) between '1905' and '2199' then false
        when length(teks) = 10 and substr(teks, 3, 1) in ('/', '-', '.') and right(teks, 4) between '1905' and '2199' then false
        when teks is null then false
        else tanggal_urut(tanggal_rapi(teks)) = 'nol'
    end
