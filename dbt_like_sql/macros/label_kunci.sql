-- Key under which two spellings of one label meet: case and blanks do not count ('> 900' is '>900'), and no value has no key.
create macro label_kunci(teks) as
    lower(regexp_replace(kosong(teks), '[ ]+', '', 'g'))
