-- Grain: term of a welfare model.
select * from welfare.koefisien order by model, urutan
