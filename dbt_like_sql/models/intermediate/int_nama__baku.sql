-- One row a distinct name as delivered (persons and mothers): its standard form. Titles, abbreviations and old spelling are settled once
-- for every word that occurs, then put together again, so the work grows with the vocabulary and not with 600 million rows.
with asal as (
    select nama as nama_asal from staging.stg_dtks__anggota
    union
    select namagadis_ibukandung as nama_asal from staging.stg_dtks__anggota
    union
    select nama as nama_asal from staging.stg_regsosek__anggota
    union
    select nama as nama_asal from staging.stg_p3ke__individu
),

-- degrees written with dots (S.Pd, M.Kom) go before the dots do, for afterwards they look like initials;
-- an apostrophe is part of a word (MA'RUF), every other mark parts two
bersih as (
    select
        nama_asal,
        trim(
            regexp_replace(
                case
                    when contains(nama_asal, '.')
                        then regexp_replace(
                            nama_polos(nama_asal),
                            '[, ](S|M|A|D)[.] ?(PD|PDI|PD[.]I|AG|KOM|SOS|I[.]?KOM|KEP|KES|KEB|HUM|HUT|PSI|FARM|GZ|PT|SI|SC|MD|MA[.]?PD|TH|FIL|KED|E|H|T|P|M|IP|KM|ST)[.]?($|[, ])',
                            ' ',
                            'g'
                        )
                    else nama_polos(nama_asal)
                end,
                '[^A-Z]+',
                ' ',
                'g'
            )
        ) as nama_bersih
    from asal
    where nama_asal is not null
),

urutan as (
    select
        nama_asal,
        nama_bersih,
        unnest(generate_series(1, length(nama_bersih) - length(replace(nama_bersih, ' ', '')) + 1)) as urut
    from bersih
),

kata as (
    select nama_asal, urut, split_part(nama_bersih, ' ', urut) as kata
    from urutan
    -- a name without a letter has no standard form
    where split_part(nama_bersih, ' ', urut) <> ''
),

kosakata as (
    select
        v.kata,
        coalesce(b.baku, nama_ejaan(v.kata)) as baku,
        d.baku as baku_depan,
        g.posisi as gelar
    from (select distinct kata from kata) as v
    left join seeds.nama_kata as b on v.kata = b.kata and b.posisi = 'di_mana_saja'
    left join seeds.nama_kata as d on v.kata = d.kata and d.posisi = 'depan'
    left join seeds.nama_gelar as g on v.kata = g.kata
),

-- a title in front ends at the first word that is none, a degree behind starts after the last
batas as (
    select
        k.nama_asal,
        k.urut,
        v.baku,
        v.baku_depan,
        coalesce(v.gelar, '') as gelar,
        min(case when v.gelar is null or v.gelar = 'belakang' then k.urut end) over (partition by k.nama_asal) as awal,
        max(case when v.gelar is null or v.gelar = 'depan' then k.urut end) over (partition by k.nama_asal) as akhir
    from kata as k
    inner join kosakata as v on k.kata = v.kata
),

-- a name of nothing but titles (IBU, H) is all there is: it stays
inti as (
    select
        nama_asal,
        urut,
        case when urut = awal and akhir > awal then coalesce(baku_depan, baku) else baku end as baku
    from batas
    where coalesce(urut between awal and akhir and gelar <> 'di_mana_saja', true)
),

kunci as (
    select v.baku, nama_kerangka(v.baku) as kunci, u.kata is not null or length(v.baku) = 1 as umum
    from (select distinct baku from inti) as v
    left join seeds.nama_umum as u on v.baku = u.kata
),

utuh as (
    select
        i.nama_asal,
        string_agg(i.baku, ' ' order by i.urut) as nama,
        -- MUHAMMAD, SITI or an initial comes and goes between two records of one person, so the key starts after it where it can
        coalesce(
            min_by(k.kunci, i.urut) filter (where not k.umum),
            min_by(k.kunci, i.urut) filter (where length(i.baku) > 1),
            min_by(k.kunci, i.urut)
        ) as nama_kunci,
        cast(count(*) as integer) as jumlah_kata,
        string_agg(i.baku, '' order by i.urut) as nama_rapat,
        string_agg(i.baku, ' ' order by i.baku) as nama_urut
    from inti as i
    inner join kunci as k on i.baku = k.baku
    group by i.nama_asal
)

select
    nama_asal,
    nama,
    split_part(nama, ' ', 1) as nama_depan,
    -- a single name has no last word; taking it twice would count its evidence twice
    case when jumlah_kata > 1 then split_part(nama, ' ', jumlah_kata) end as nama_akhir,
    nama_kunci,
    jumlah_kata,
    nama_rapat,
    nama_urut
from utuh
