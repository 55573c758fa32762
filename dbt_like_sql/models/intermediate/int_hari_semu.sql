-- One row a source and day that the source gives as date of birth far too often, or that is a program's zero people are born on too
-- (1970-01-01): where nothing was entered, some programs write a day. int_person__identitas believes it of a row only if the row's own
-- NIK names it. People do choose 1 January, 1 July, 31 December and round years, so a day is held against the same day of the four
-- years before and after (eight for 29 February), the largest but one of them, lest two such days hide each other. At 20,000 and 200,000
-- made-up persons with such heaps no day comes to five times that with 15 rows; a day that 1 in 100 rows carries always does.
with lahir as (
    select 'dtks' as source, 'anggota' as tabel, 'tgllahir' as kolom, tgllahir as tanggal, nik
    from staging.stg_dtks__anggota
    where tgllahir_presisi = 'hari'
    union all
    select 'regsosek' as source, 'anggota' as tabel, 'tgl_lahir' as kolom, tgl_lahir as tanggal, nik
    from staging.stg_regsosek__anggota
    where tgl_lahir_presisi = 'hari'
    union all
    select 'p3ke' as source, 'individu' as tabel, 'tanggal_lahir' as kolom, tanggal_lahir as tanggal, nik
    from staging.stg_p3ke__individu
    where tanggal_lahir_presisi = 'hari'
),

hari as (
    select source, tabel, kolom, tanggal, count(*) as jumlah
    from lahir
    group by source, tabel, kolom, tanggal
),

terisi as (
    select source, sum(jumlah) as jumlah
    from hari
    group by source
),

calon as (
    select h.source, h.tabel, h.kolom, h.tanggal, h.jumlah
    from hari as h
    inner join terisi as t on h.source = t.source
    where h.tanggal = date '1970-01-01' or (h.jumlah >= 15 and h.jumlah * 5000 >= t.jumlah)
),

tetangga as (
    select
        c.source,
        c.tanggal,
        h.jumlah,
        row_number() over (partition by c.source, c.tanggal order by h.jumlah desc, h.tanggal) as ke
    from calon as c
    inner join hari as h
        on c.source = h.source
        and extract(month from c.tanggal) = extract(month from h.tanggal)
        and extract(day from c.tanggal) = extract(day from h.tanggal)
        and abs(extract(year from c.tanggal) - extract(year from h.tanggal))
        between 1 and case when extract(month from c.tanggal) = 2 and extract(day from c.tanggal) = 29 then 8 else 4 end
),

semu as (
    select c.source, c.tabel, c.kolom, c.tanggal, c.jumlah, coalesce(b.jumlah, 0) as biasa
    from calon as c
    left join tetangga as b on c.source = b.source and c.tanggal = b.tanggal and b.ke = 2
    where c.tanggal = date '1970-01-01' or c.jumlah > 5 * greatest(coalesce(b.jumlah, 0), 1)
)

select
    s.source,
    s.tabel,
    s.kolom,
    s.tanggal,
    s.jumlah,
    s.biasa,
    count(
        case when nik_menyebut_hari(nik_angka(nik_rapi(l.nik)), l.tanggal) then 1 end
    ) as baris_dibenarkan,
    s.jumlah - count(
        case when nik_menyebut_hari(nik_angka(nik_rapi(l.nik)), l.tanggal) then 1 end
    ) as baris_diabaikan
from semu as s
inner join lahir as l on s.source = l.source and s.tanggal = l.tanggal
group by s.source, s.tabel, s.kolom, s.tanggal, s.jumlah, s.biasa
