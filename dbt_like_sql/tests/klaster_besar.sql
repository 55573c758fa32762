select
    'porsi orang dengan lebih dari 6 rekaman' as ukuran,
    avg(case when jumlah > 6 then 1.0 else 0.0 end) as nilai
from (
    select person_id, count(*) as jumlah
    from linkage.crosswalk
    group by person_id
) as orang
