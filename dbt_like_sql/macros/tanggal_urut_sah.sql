-- The text of tanggal_urut where it has the form of a date of the years 1800 to 2199, else ''.
create macro tanggal_urut_sah(urut) as
    regexp_extract(urut, '^(18|19|20|21)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}$', 0)
