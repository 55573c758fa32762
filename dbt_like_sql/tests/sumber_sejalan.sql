-- Of the persons that a source shares with another: the share on whom both say the same birth date, sex and regency. The measure of a
-- source is its best pair, so that one that has shifted is named, and not the two that it disagrees with. Of fewer than a hundred
-- shared persons a share says too little.
with orang as (
    select
        c.person_id,
        p.source,
        case when p.tgl_lahir_presisi = 'hari' then p.tgl_lahir end as tgl_lahir,
        p.jenis_kelamin,
        p.kode_kabupaten
    from linkage.crosswalk as c
    inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
),

pasangan as (
    select
        l.source as kiri,
        r.source as kanan,
        count(case when l.tgl_lahir is not null and r.tgl_lahir is not null then 1 end) as bertanggal,
        count(case when l.tgl_lahir = r.tgl_lahir then 1 end) as tanggal,
        count(case when l.jenis_kelamin is not null and r.jenis_kelamin is not null then 1 end) as berkelamin,
        count(case when l.jenis_kelamin = r.jenis_kelamin then 1 end) as kelamin,
        count(case when l.kode_kabupaten is not null and r.kode_kabupaten is not null then 1 end) as berwilayah,
        count(case when l.kode_kabupaten = r.kode_kabupaten then 1 end) as wilayah
    from orang as l
    inner join orang as r on l.person_id = r.person_id and l.source < r.source
    group by l.source, r.source
),

ciri as (
    select kiri, kanan, 'tanggal lahir / birth date' as ciri, bertanggal as orang, cast(tanggal as double) as sama from pasangan
    union all
    select kiri, kanan, 'jenis kelamin / sex' as ciri, berkelamin as orang, cast(kelamin as double) as sama from pasangan
    union all
    select kiri, kanan, 'kabupaten/kota / regency' as ciri, berwilayah as orang, cast(wilayah as double) as sama from pasangan
),

sumber as (
    select kiri as source, ciri, sama / orang as nilai from ciri where orang >= 100
    union all
    select kanan as source, ciri, sama / orang as nilai from ciri where orang >= 100
)

select concat(source, ': ', ciri) as ukuran, max(nilai) as nilai
from sumber
group by source, ciri
union all
select 'tidak ada sumber yang berbagi cukup orang / no sources share enough persons' as ukuran, 1.0 as nilai
where not exists (select 1 from sumber)
