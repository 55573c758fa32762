-- Grain: programme with a valid policy. The families it reaches, 0 where there are none.
select p.program, count(k.family_id) as keluarga
from welfare.kebijakan as p
left join welfare.kelayakan as k on p.program = k.program
group by p.program
order by p.program
