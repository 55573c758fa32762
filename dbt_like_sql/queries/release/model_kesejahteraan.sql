-- Grain: welfare model.
select * from welfare.model order by model
