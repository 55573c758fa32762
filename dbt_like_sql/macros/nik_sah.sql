-- The sixteen digits out of a tidied NIK or KK, or NULL where it is unreadable or a placeholder.
create macro nik_sah(rapi) as
    case when not nik_semu(nik_angka(rapi)) then nik_angka(rapi) end
