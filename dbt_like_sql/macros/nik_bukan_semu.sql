-- The digits, or NULL where they are a placeholder.
create macro nik_bukan_semu(angka) as
    case when not nik_semu(angka) then angka end
