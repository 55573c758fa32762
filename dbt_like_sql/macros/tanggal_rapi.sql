-- A written date in capitals without what stands before it: a place (Bandung, 12-03-1985), the day of the week, the word 'tanggal'.
-- Java writes the year behind the clock (Tue Mar 12 00:00:00 WIB 1985): it goes before it.
create macro tanggal_rapi(teks) as
    regexp_replace(
        regexp_replace(
            upper(bersih(teks)),
            '^([^0-9,]+, *)?((SENIN|SELASA|RABU|KAMIS|JUM.?AT|SABTU|MINGGU|AHAD|SEN|SEL|RAB|KAM|JUM|SAB|MGG|MIN|MON|MONDAY|TUE|TUES|TUESDAY|WED|WEDNESDAY|THU|THUR|THURS|THURSDAY|FRI|FRIDAY|SAT|SATURDAY|SUN|SUNDAY|TANGGAL|TGL)[.,: ]+)?',
            ''
        ),
        '^([A-Z]+ +[0-9]{1,2}) +([0-9:.]+ +[A-Z]+[-+:0-9]*) +([0-9]{4})$',
        '\1 \3 \2'
    )
