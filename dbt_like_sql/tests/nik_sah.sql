select
    source as ukuran,
    avg(case when nik is not null and nik_masalah is null then 1.0 else 0.0 end) as nilai
from intermediate.int_person_record
group by source
