-- DATE, or NULL when it is no date. Where only the year can be known it is 1 January of that year: ask presisi_tanggal.
create macro tanggal(teks) as
    coalesce(tanggal_lengkap(teks), make_date(tahun_tanggal(teks), 1, 1))
