-- One row a distinct value of a column of dates that only its column explains: what it is rewritten to (baru), what else it may be
-- (baru_tua, of the century before) and the reason that is noted (alasan). Reads tanggal_beda and tanggal_urutan. $bulan is the
-- first day of the month of the delivery, after whose end nobody is born, or NULL; $lahir_sejak the earliest year of birth.
with urut as (
    select t.*, u.urutan, u.pendek,
        case when u.urutan = 'bulan' and not t.kata then t.a else t.b end as bulan,
        case when u.urutan = 'bulan' and not t.kata then t.b else t.a end as hari,
        -- nobody can tell, or a slip against the order of the column
        not t.kata and case
            when u.urutan = 'tahun' then t.a between 1 and 12 and t.b between 1 and 12 and t.a <> t.b
            when t.bentuk = 'tahun' then u.urutan = 'hari' and t.b > 12
            else u.urutan = 'bulan' and t.a between 13 and 31 and t.b between 1 and 12
        end as ragu
    from tanggal_beda as t
    join tanggal_urutan as u using (file, bentuk)
),
abad as (
    select *,
        length(tahun) = 2 as dua,
        case when length(tahun) = 4 then tahun else concat('20', tahun) end as muda,
        case when length(tahun) = 2 then concat('19', tahun) end as tua
    from urut
    where length(tahun) = 4 and left(tahun, 2) in ('18', '19', '20', '21')
        or length(tahun) = 2 and pendek and a between 0 and 31 and b between 0 and 31
),
-- YYYY-MM-DD and what of the clock matters; the bare year where there is no such day, or no telling
tertulis as (
    select *,
        coalesce(
            case when not ragu then strftime(try_cast(concat_ws('-', muda, bulan, hari) as date), '%Y-%m-%d') || jam end, muda
        ) as baru_muda,
        coalesce(
            case when not ragu and tua is not null
                then strftime(try_cast(concat_ws('-', tua, bulan, hari) as date), '%Y-%m-%d') || jam end,
            tua
        ) as baru_tua,
        dua and coalesce(try_cast(concat_ws('-', muda, bulan, hari) as date), try_cast(concat(muda, '-01-01') as date))
            > last_day(cast($bulan as date)) as kelak
    from abad
)
select file, nilai, jumlah, baris,
    case when kelak then baru_tua else baru_muda end as baru,
    case when dua and not kelak then baru_tua end as baru_tua,
    case
        when ragu then 'urutan_tak_pasti'
        when dua and not kelak and cast(tua as integer) >= $lahir_sejak then 'abad_ditebak'
        when not kata and a <> b and urutan = case when bentuk = 'tahun' then 'hari' else 'bulan' end then 'urutan_kolom'
    end as alasan
from tertulis
-- the macro reads the others the same way by itself
where dua or ragu or (not kata and urutan = case when bentuk = 'tahun' then 'hari' else 'bulan' end)
