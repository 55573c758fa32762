-- The sixteen digits of a tidied NIK or KK, letters O, I and L read as the digits they were typed for; NULL when that is not sixteen digits.
create macro nik_angka(rapi) as
    case
        when regexp_matches(rapi, '^[0-9]{16}$') then rapi
        when regexp_matches(rapi, '^[0-9OIL]{16}$') then translate(rapi, 'OIL', '011')
    end
