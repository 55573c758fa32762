-- 'hari' when the day is known, 'tahun' when only the year is, NULL when tanggal() is NULL.
create macro presisi_tanggal(teks) as
    case
        when tanggal_lengkap(teks) is not null then 'hari'
        when tahun_tanggal(teks) is not null then 'tahun'
    end
