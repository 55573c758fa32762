-- Each record belongs to exactly one person and one family: the crosswalk has the record once, and no record of its own making.
select
    'selisih baris crosswalk dan rekaman' as ukuran,
    cast(abs((select count(*) from linkage.crosswalk) - (select count(*) from intermediate.int_person_record)) as double) as nilai
union all
select
    'rekaman tanpa orang atau keluarga' as ukuran,
    cast(count(*) as double) as nilai
from intermediate.int_person_record as rekaman
left join linkage.crosswalk as silang on rekaman.source = silang.source and rekaman.record_id = silang.record_id
where silang.person_id is null or silang.family_id is null
union all
select
    'rekaman dua kali dalam crosswalk' as ukuran,
    cast(count(*) as double) as nilai
from (
    select source, record_id
    from linkage.crosswalk
    group by source, record_id
    having count(*) > 1
) as ganda
