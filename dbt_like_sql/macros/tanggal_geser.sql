-- Days from the written day of an instant to its day in Asia/Jakarta; menit is tanggal_menit. A date is told as the midnight that begins it,
-- and midnight has been said by other clocks: 23:00 and 22:00 in Jakarta are midnight in the middle and the east (+08:00, +09:00), and until
-- 1963 Jakarta's own ran 7 to 30 minutes, for years 60 and 120, ahead of today's. At those hours it is the day after; a real event of 22:00
-- or 23:00 sharp comes out a day late, which no date of birth does.
create macro tanggal_geser(menit, teks) as
    menit // 1440 - 1
    + case
        when menit % 1440 in (1320, 1380) and regexp_matches(teks, '[T ][0-9]{1,2}:?00(:?00)?([.,]0+)?($|[^0-9:.,])') then 1
        when menit % 1440 >= 1290 and regexp_matches(teks, '(^|[^0-9])(18[0-9]{2}|19[0-5][0-9]|196[0-3])([^0-9]|$)') then 1
        else 0
    end
