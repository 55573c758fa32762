-- What two spellings of one label have in common: capitals and blanks do not count ('LAKI - LAKI' is 'Laki-laki').
create macro kunci_label(teks) as
    lower(replace(replace(kosong(teks), ' ', ''), chr(160), ''))
