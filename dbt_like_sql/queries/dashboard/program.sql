-- Grain: programme. The families it reaches, and those that came in and went out since the last release.
select
    coalesce(k.program, p.program) as program,
    coalesce(k.keluarga, 0) as keluarga,
    coalesce(p.masuk, 0) as masuk,
    coalesce(p.keluar, 0) as keluar
from (
    select program, count(*) as keluarga
    from welfare.kelayakan
    group by program
) as k
full outer join (
    select
        program,
        count(*) filter (where arah = 'masuk') as masuk,
        count(*) filter (where arah = 'keluar') as keluar
    from welfare.kelayakan_perubahan
    group by program
) as p on k.program = p.program
order by 1
