-- INTEGER year of a readable date, also where day and month are missing (1975, 1975-00-00, 00/00/1975) or impossible (31/02/1980);
-- NULL for a spreadsheet's day number and for what is no date. Eight digits need a month of 00 to 12: 20031979 is not the year 2003.
create macro tahun_tanggal(teks) as
    try_cast(
        concat(
            regexp_extract(
                bersih(teks),
                '^((18|19|20|21)[0-9]{2})([.,]0*|(0[0-9]|1[0-2])[0-9]{2}([.]0*)?|[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ].*)?)?$',
                1
            ),
            regexp_extract(bersih(teks), '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]((18|19|20|21)[0-9]{2})([T ].*)?$', 1)
        ) as integer
    )
