-- BOOLEAN of the yes/no that is coded 3 ya, 4 tidak: a quirk of seven DTKS columns.
create macro ya_34(angka_kode) as
    case angka_kode when 3 then true when 4 then false end
