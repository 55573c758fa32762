-- The sixteen digits of a tidied NIK or KK, letters O, I and L read as the digits they were typed for; NULL when that is not sixteen digits.
create macro nik_angka(rapi) as
    case
        when length(rapi) <> 16 then null
        when ltrim(rapi, '0123456789') = '' then rapi
        when ltrim(rapi, '0123456789OIL') = '' then translate(rapi, 'OIL', '011')
    end
