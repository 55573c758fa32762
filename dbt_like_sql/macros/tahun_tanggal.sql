-- INTEGER year of a readable date, also where day and month are missing (1975, 1975-00-00, 00/00/1975, Maret 1975) or impossible
-- (31/02/1980); NULL for a spreadsheet's day number, for the zero of a program and for what is no date.
create macro tahun_tanggal(teks) as
    try_cast(
        regexp_extract(
            tanggal_urut(tanggal_rapi(teks)), '^((18|19|20|21)[0-9]{2})([.,]0*|-[0-9]{1,2}-[0-9]{1,2})?$', 1
        ) as integer
    )
