-- TRUE for a number somebody typed to get past the form: one digit throughout, the keyboard's row, an area and nothing but zeros.
create macro nik_semu(rapi) as
    (replace(rapi, left(rapi, 1), '') = '' or left(rapi, 10) = '1234567890' or right(rapi, 10) = '0000000000')
