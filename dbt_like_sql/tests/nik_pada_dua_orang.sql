-- Of the NIKs in good order, the share that the linkage left on more than one person.
select
    'porsi NIK sah pada lebih dari satu orang' as ukuran,
    avg(case when jumlah > 1 then 1.0 else 0.0 end) as nilai
from (
    select rekaman.nik, count(distinct silang.person_id) as jumlah
    from intermediate.int_person_record as rekaman
    inner join linkage.crosswalk as silang on rekaman.source = silang.source and rekaman.record_id = silang.record_id
    where rekaman.nik is not null and rekaman.nik_masalah is null
    group by rekaman.nik
) as nik_sah
