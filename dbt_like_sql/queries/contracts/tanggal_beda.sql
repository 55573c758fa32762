-- One row a distinct value of a column of dates in one file that may mean two days: its three parts (a, b and the year), how many
-- cells hold it and the line of the first. Reads tanggal_nilai. ``bentuk`` is 'tahun' where the year stands in front and 'akhir'
-- where it stands behind; ``kata`` says that b was a month in words; of the clock only what moves the day is kept.
-- Each pattern stands twice, to recognise a form and to take it apart.
with rapi as (select *, tanggal_rapi(buka(nilai)) as rapi from tanggal_nilai),
tanpa as (select *, tanggal_tanpa_jam(rapi) as hari from rapi),
bagian as (
    select *,
        case
            when regexp_matches(hari, '^([0-9]{1,2})[-/.,_ \\]+([0-9]{1,2})[-/.,_ \\]+([0-9]{4}|[0-9]{2})$') then 'tiga'
            when regexp_matches(hari, '^([0-9]{2})([0-9]{2})((?:18|19|20|21)[0-9]{2})(?:[.,]0*)?$') then 'delapan'
            when regexp_matches(hari, '^([0-9]{4})[-/.,_ \\]+([0-9]{1,2})[-/.,_ \\]+([0-9]{1,2})$') then 'tahun'
            when regexp_matches(hari, '^([0-9]{1,2})[-/.,_ \\]*([A-Z]+)[-/.,_ \\]*''?([0-9]{2})$') then 'kata'
        end as bentuk
    from tanpa
),
urai as (
    select *,
        case bentuk
            when 'tiga' then regexp_extract(hari, '^([0-9]{1,2})[-/.,_ \\]+([0-9]{1,2})[-/.,_ \\]+([0-9]{4}|[0-9]{2})$', ['a', 'b', 'y'])
            when 'delapan' then regexp_extract(hari, '^([0-9]{2})([0-9]{2})((?:18|19|20|21)[0-9]{2})(?:[.,]0*)?$', ['a', 'b', 'y'])
            when 'tahun' then regexp_extract(hari, '^([0-9]{4})[-/.,_ \\]+([0-9]{1,2})[-/.,_ \\]+([0-9]{1,2})$', ['y', 'a', 'b'])
            when 'kata' then regexp_extract(hari, '^([0-9]{1,2})[-/.,_ \\]*([A-Z]+)[-/.,_ \\]*''?([0-9]{2})$', ['a', 'b', 'y'])
        end as p
    from bagian
    where bentuk is not null and tanggal_urut(rapi) <> 'nol'
)
select file, nilai, jumlah, baris,
    case when bentuk = 'tahun' then 'tahun' else 'akhir' end as bentuk,
    cast(p.a as integer) as a,
    try_cast(case when bentuk = 'kata' then substr(bulan_angka(concat('-', p.b, '-')), 2, 2) else p.b end as integer) as b,
    p.y as tahun,
    bentuk = 'kata' as kata,
    regexp_matches(rapi, '[0-9] *[AP][.]?M') as setengah_hari,
    case when tanggal_bermintakat(rapi) then substr(rapi, length(hari) + 1) else '' end as jam
from urai
where bentuk <> 'kata' or bulan_angka(concat('-', p.b, '-')) <> concat('-', p.b, '-')
