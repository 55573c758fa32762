-- DATE of a day that exists and is known in full, else NULL: year first with or without a time, day first (also 1/2/1980),
-- YYYYMMDD, the day number of a spreadsheet. A bare 1800 to 2199 is a year and no day number: nobody alive was born in 1905.
create macro tanggal_lengkap(teks) as
    coalesce(
        -- the form that nearly all dates have, without a regular expression
        case
            when length(teks) = 10 and substr(teks, 5, 1) = '-' and substr(teks, 8, 1) = '-'
                and left(teks, 2) in ('18', '19', '20', '21')
                then try_cast(teks as date)
        end,
        try_cast(
            translate(
                regexp_extract(
                    bersih(teks), '^((18|19|20|21)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})([T ].*)?$', 1
                ),
                '/.',
                '--'
            ) as date
        ),
        try_cast(
            concat(
                regexp_extract(
                    bersih(teks), '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]((18|19|20|21)[0-9]{2})([T ].*)?$', 3
                ),
                '-',
                regexp_extract(
                    bersih(teks), '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]((18|19|20|21)[0-9]{2})([T ].*)?$', 2
                ),
                '-',
                regexp_extract(
                    bersih(teks), '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]((18|19|20|21)[0-9]{2})([T ].*)?$', 1
                )
            ) as date
        ),
        try_cast(
            concat(
                regexp_extract(bersih(teks), '^((18|19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})([.]0*)?$', 1),
                '-',
                regexp_extract(bersih(teks), '^((18|19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})([.]0*)?$', 3),
                '-',
                regexp_extract(bersih(teks), '^((18|19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})([.]0*)?$', 4)
            ) as date
        ),
        case
            -- spreadsheets count a 29 February 1900 that never was, so the first sixty numbers lie one day further
            when nomor_hari(teks) between 1 and 60 then date '1899-12-31' + nomor_hari(teks)
            when nomor_hari(teks) between 61 and 1799 or nomor_hari(teks) between 2200 and 60000
                then date '1899-12-30' + nomor_hari(teks)
        end
    )
