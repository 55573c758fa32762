-- BOOLEAN of the yes/no that is written out (Ya, YA, Tidak).
create macro ya_label(teks) as
    case lower(teks) when 'ya' then true when 'tidak' then false end
