-- Grain: feature that the models of the last release ask for.
select distinct kolom
from welfare.isian_lalu
order by kolom
