-- The date at a place of a comma list of dates, NULL where the place is NULL.
create macro tanggal_ke(daftar, urut) as
    cast(split_part(daftar, ',', urut) as date)
