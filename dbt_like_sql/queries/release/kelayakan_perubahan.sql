-- Grain: programme and family that entered or left its list since the last release.
select * from welfare.kelayakan_perubahan order by program, family_id
