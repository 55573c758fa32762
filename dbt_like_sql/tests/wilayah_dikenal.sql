select
    source as ukuran,
    avg(case when kode_kabupaten is not null then 1.0 else 0.0 end) as nilai
from intermediate.int_person_record
group by source
