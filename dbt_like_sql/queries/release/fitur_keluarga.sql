-- Grain: family; what it was scored on. The next month's changes are told against it.
select * from welfare.fitur_keluarga order by family_id
