-- The sixteen digits of a tidied NIK or KK, letters O, I and L read as the digits they were typed for; NULL when that is not sixteen digits.
create macro nik_angka(rapi) as
    nullif(regexp_extract(translate(rapi, 'OIL', '011'), '^[0-9]{16}$', 0), '')
