-- Every accepted person row becomes exactly one person record.
with sumber as (
    select 'dtks' as source, count(*) as baris from staging.stg_dtks__anggota
    union all
    select 'regsosek' as source, count(*) as baris from staging.stg_regsosek__anggota
    union all
    select 'p3ke' as source, count(*) as baris from staging.stg_p3ke__individu
),

rekaman as (
    select source, count(*) as baris
    from intermediate.int_person_record
    group by source
)

select
    'selisih rekaman ' || sumber.source as ukuran,
    cast(abs(sumber.baris - coalesce(rekaman.baris, 0)) as double) as nilai
from sumber
left join rekaman on sumber.source = rekaman.source
union all
select
    'record_uid kosong atau ganda' as ukuran,
    cast(count(*) - count(distinct record_uid) as double) as nilai
from intermediate.int_person_record
union all
select
    'rekaman dari sumber lain' as ukuran,
    cast(count(*) as double) as nilai
from intermediate.int_person_record
where source not in ('dtks', 'regsosek', 'p3ke')
