-- BOOLEAN of the yes/no that is coded 1 ya, 2 tidak.
create macro ya_12(angka_kode) as
    case angka_kode when 1 then true when 2 then false end
