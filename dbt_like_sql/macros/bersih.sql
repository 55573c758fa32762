-- The delivered text without the blanks around it (tab, line ends, no-break space) and without the apostrophe that a spreadsheet
-- puts in front of a number to keep it text. A function call and not a CASE, so that DuckDB computes it once a row.
create macro bersih(teks) as
    rtrim(
        ltrim(teks, concat(' ''', chr(9), chr(10), chr(13), chr(160))),
        concat(' ', chr(9), chr(10), chr(13), chr(160))
    )
