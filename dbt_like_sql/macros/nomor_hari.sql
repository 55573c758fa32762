-- INTEGER part of a number of at most five digits, which is how a spreadsheet writes a day ('45000', '45000.0', '45000.5').
create macro nomor_hari(teks) as
    try_cast(regexp_extract(bersih(teks), '^([0-9]{1,5})([.,][0-9]*)?$', 1) as integer)
