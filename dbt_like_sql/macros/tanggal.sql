-- DATE, or NULL when it is no date. Where only the year can be known it is 1 January of that year: ask presisi_tanggal.
-- A CASE and no coalesce(), of which DuckDB computes the parts it has in common with presisi_tanggal for every row.
create macro tanggal(teks) as
    case
        when tanggal_lengkap(teks) is not null then tanggal_lengkap(teks)
        else make_date(tahun_tanggal(teks), 1, 1)
    end
