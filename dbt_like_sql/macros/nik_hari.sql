-- Day of birth in the sixteen digits: women have 40 added. 81 stays 41, which is no day.
create macro nik_hari(angka) as
    cast(substr(angka, 7, 2) as integer) - case when substr(angka, 7, 2) > '40' then 40 else 0 end
