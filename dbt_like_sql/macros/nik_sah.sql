-- The sixteen digits of a NIK or KK as delivered, or NULL where it is unreadable or a placeholder.
create macro nik_sah(teks) as
    case when not nik_semu(nik_angka(nik_rapi(teks))) then nik_angka(nik_rapi(teks)) end
