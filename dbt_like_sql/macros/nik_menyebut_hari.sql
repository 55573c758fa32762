-- TRUE where the sixteen digits name the day, to the day, month and two digits of the year.
create macro nik_menyebut_hari(angka, hari) as
    cast(right(cast(extract(year from hari) as varchar), 2) as integer) = cast(substr(angka, 11, 2) as integer)
    and extract(month from hari) = cast(substr(angka, 9, 2) as integer)
    and extract(day from hari) = nik_hari(angka)
