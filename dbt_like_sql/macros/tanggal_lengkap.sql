-- DATE of a day that exists and is known in full, else NULL: in any form that says its day, month and year by itself (year first, day first,
-- month in words, eight digits, a spreadsheet's day number), with or without a clock; an instant with a zone is the day it is in
-- Asia/Jakarta. The zero of a program is no date (tanggal_nol). Day before month in 3/4/1985: the reader sees the whole column and has
-- rewritten it where that is wrong. A bare 1800 to 2199 is a year and no day number: nobody alive was born in 1905.
-- The first branches read the forms that nearly all dates have, without a regular expression.
create macro tanggal_lengkap(teks) as
    case
        when substr(teks, 5, 1) = '-' and substr(teks, 8, 1) = '-' and left(teks, 4) between '1905' and '2199'
            and substr(teks, 6, 1) in ('0', '1') and (length(teks) = 10 or (length(teks) = 19 and substr(teks, 14, 1) = ':' and substr(teks, 17, 1) = ':'))
            then try_cast(left(teks, 10) as date)
        when length(teks) = 10 and substr(teks, 3, 1) in ('/', '-', '.') and substr(teks, 6, 1) = substr(teks, 3, 1)
            and substr(teks, 4, 1) in ('0', '1') and substr(teks, 1, 1) between '0' and '3'
            and right(teks, 4) between '1905' and '2199'
            then try_cast(concat(right(teks, 4), '-', substr(teks, 4, 2), '-', left(teks, 2)) as date)
        when substr(teks, 5, 1) = '-' and substr(teks, 8, 1) = '-' and left(teks, 4) between '1905' and '2199'
            and substr(teks, 11, 1) in ('T', ' ') and substr(teks, 14, 1) = ':' and substr(teks, 17, 1) = ':'
            and (
                (right(teks, 1) = 'Z' and (length(teks) = 20 or (length(teks) = 24 and substr(teks, 20, 1) = '.')))
                or (substr(teks, 20, 1) in ('+', '-') and (length(teks) = 22 or (length(teks) = 25 and right(teks, 3) = ':00')))
            )
            then try_cast(left(teks, 10) as date) + tanggal_geser(
                1860
                + try_cast(substr(teks, 12, 2) as integer) * 60
                + try_cast(substr(teks, 15, 2) as integer)
                - case when right(teks, 1) = 'Z' then 0 else try_cast(substr(teks, 20, 3) as integer) * 60 end,
                teks
            )
        when tanggal_bermintakat(tanggal_rapi(teks))
            then try_cast(tanggal_urut_sah(tanggal_urut(tanggal_rapi(teks))) as date)
                + tanggal_geser(tanggal_menit(tanggal_rapi(teks)), tanggal_rapi(teks))
        -- spreadsheets count a 29 February 1900 that never was, so the first sixty numbers lie one day further; 0 to 2 are their zero
        when nomor_hari(teks) between 3 and 60 then date '1899-12-31' + nomor_hari(teks)
        when nomor_hari(teks) between 61 and 1799 or nomor_hari(teks) between 2200 and 60000
            then date '1899-12-30' + nomor_hari(teks)
        else try_cast(tanggal_urut_sah(tanggal_urut(tanggal_rapi(teks))) as date)
    end
