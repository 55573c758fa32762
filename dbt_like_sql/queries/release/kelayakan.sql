-- Grain: programme and family that its policy reaches.
select * from welfare.kelayakan order by all
