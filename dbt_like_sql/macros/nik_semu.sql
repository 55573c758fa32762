-- TRUE for a number that nobody was given: somebody typed it to get past the form (one digit throughout, the keyboard's row, an area and
-- nothing but zeros), or a village's program made it up until the real one comes. Those begin with 0, as no province does; the village's
-- next list gives the same number to somebody else.
create macro nik_semu(rapi) as
    (
        replace(rapi, left(rapi, 1), '') = '' or left(rapi, 1) = '0' or left(rapi, 10) = '1234567890'
        or right(rapi, 10) = '0000000000'
    )
