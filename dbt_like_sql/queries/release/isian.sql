-- Grain: model, column, level and area code; what fills in a covariate nobody answered.
select * from welfare.isian order by model, kolom, tingkat, kode
