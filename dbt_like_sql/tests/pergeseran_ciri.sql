-- Population stability index of each covariate of the scored families, against the survey and, where there is one, the last release.
select
    concat(case ukuran when 'psi_survei' then 'survei' else 'rilis lalu' end, ': ', replace(kelompok, 'kolom=', '')) as ukuran,
    nilai
from welfare.laporan
where ukuran in ('psi_survei', 'psi_rilis_lalu')
