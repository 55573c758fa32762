-- Grain: programme; its policy in the month.
select * from welfare.kebijakan order by program
