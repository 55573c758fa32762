select
    'orang dalam lebih dari satu keluarga' as ukuran,
    cast(count(*) as double) as nilai
from (
    select person_id
    from linkage.crosswalk
    group by person_id
    having count(distinct family_id) > 1
) as ganda
