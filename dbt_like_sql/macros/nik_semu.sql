-- TRUE for a number somebody typed to get past the form: one digit throughout, the keyboard's row, an area and nothing but zeros.
create macro nik_semu(rapi) as
    replace(rapi, left(rapi, 1), '') = ''
    or left(rapi, 10) = '1234567890'
    or regexp_matches(rapi, '^[0-9]{2,6}0{10,}$')
