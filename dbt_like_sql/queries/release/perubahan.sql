-- Grain: family of this month or of the last release; what changed since.
select * from welfare.perubahan order by family_id
