select
    orang.source as ukuran,
    avg(case when orang.tgl_lahir between date '1900-01-01' and last_day(jalan.bulan) then 1.0 else 0.0 end) as nilai
from intermediate.int_person_record as orang
cross join raw.run as jalan
group by orang.source
