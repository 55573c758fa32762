-- Grain: person, as published.
select * from marts.anggota order by person_id
