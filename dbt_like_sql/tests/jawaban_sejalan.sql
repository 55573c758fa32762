-- Of the persons and families that a source shares with another: how far both gave the same answers, beyond what chance would give
-- (Cohen's kappa: 1 always, 0 as by chance). The measure of a source is its best pair. Not asked: fewer than a hundred pairs; and
-- where chance alone agrees on four of five, as one more answer then decides. P3KE has one word for sewage and tells
-- schooling by the certificate alone, which are no answers of that kind; work comes and goes between two interviews.
-- From 400,000 records on an eighth of the ids answers, as their last digits fall: a fault of a column shows there as well.
with ukuran_bulan as (
    select count(*) < 400000 as kecil
    from linkage.crosswalk
),

orang as (
    select
        c.person_id,
        p.source,
        p.hubungan,
        p.status_kawin,
        p.pendidikan,
        case when p.source <> 'p3ke' then p.partisipasi_sekolah end as partisipasi_sekolah
    from linkage.crosswalk as c
    cross join ukuran_bulan as u
    inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
    where u.kecil or right(c.person_id, 1) in ('0', '1')
),

rumah as (
    select distinct c.family_id, p.family_uid
    from linkage.crosswalk as c
    cross join ukuran_bulan as u
    inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
    where u.kecil or right(c.family_id, 1) in ('0', '1')
),

keluarga as (
    select
        r.family_id,
        f.source,
        f.status_rumah,
        f.lantai,
        f.dinding,
        f.atap,
        f.air_minum,
        f.penerangan,
        f.daya,
        f.bahan_bakar,
        f.bab,
        f.kloset,
        case when f.source <> 'p3ke' then f.buang_tinja end as buang_tinja,
        f.lemari_es,
        f.laptop,
        f.motor
    from rumah as r
    inner join intermediate.int_family_record as f on r.family_uid = f.family_uid
),

jawaban as (
    select
        l.source as kiri,
        r.source as kanan,
        k.kolom,
        case k.kolom
            when 'hubungan' then cast(l.hubungan as varchar)
            when 'status_kawin' then cast(l.status_kawin as varchar)
            when 'pendidikan' then cast(l.pendidikan as varchar)
            when 'partisipasi_sekolah' then cast(l.partisipasi_sekolah as varchar)
        end as a,
        case k.kolom
            when 'hubungan' then cast(r.hubungan as varchar)
            when 'status_kawin' then cast(r.status_kawin as varchar)
            when 'pendidikan' then cast(r.pendidikan as varchar)
            when 'partisipasi_sekolah' then cast(r.partisipasi_sekolah as varchar)
        end as b
    from orang as l
    inner join orang as r on l.person_id = r.person_id and l.source < r.source
    cross join (values ('hubungan'), ('status_kawin'), ('pendidikan'), ('partisipasi_sekolah')) as k(kolom)
    union all
    select
        l.source as kiri,
        r.source as kanan,
        k.kolom,
        case k.kolom
            when 'status_rumah' then l.status_rumah
            when 'lantai' then l.lantai
            when 'dinding' then l.dinding
            when 'atap' then l.atap
            when 'air_minum' then l.air_minum
            when 'penerangan' then l.penerangan
            when 'daya' then l.daya
            when 'bahan_bakar' then l.bahan_bakar
            when 'bab' then l.bab
            when 'kloset' then l.kloset
            when 'buang_tinja' then l.buang_tinja
            when 'lemari_es' then cast(l.lemari_es as varchar)
            when 'laptop' then cast(l.laptop as varchar)
            when 'motor' then cast(l.motor as varchar)
        end as a,
        case k.kolom
            when 'status_rumah' then r.status_rumah
            when 'lantai' then r.lantai
            when 'dinding' then r.dinding
            when 'atap' then r.atap
            when 'air_minum' then r.air_minum
            when 'penerangan' then r.penerangan
            when 'daya' then r.daya
            when 'bahan_bakar' then r.bahan_bakar
            when 'bab' then r.bab
            when 'kloset' then r.kloset
            when 'buang_tinja' then r.buang_tinja
            when 'lemari_es' then cast(r.lemari_es as varchar)
            when 'laptop' then cast(r.laptop as varchar)
            when 'motor' then cast(r.motor as varchar)
        end as b
    from keluarga as l
    inner join keluarga as r on l.family_id = r.family_id and l.source < r.source
    cross join (
        values
        ('status_rumah'), ('lantai'), ('dinding'), ('atap'), ('air_minum'), ('penerangan'), ('daya'),
        ('bahan_bakar'), ('bab'), ('kloset'), ('buang_tinja'), ('lemari_es'), ('laptop'), ('motor')
    ) as k(kolom)
),

hitung as (
    select kiri, kanan, kolom, a, b, cast(count(*) as double) as n
    from jawaban
    where a is not null and b is not null
    group by kiri, kanan, kolom, a, b
),

tepi as (
    select
        kiri,
        kanan,
        kolom,
        a,
        b,
        n,
        sum(n) over (partition by kiri, kanan, kolom, a) as n_a,
        sum(n) over (partition by kiri, kanan, kolom, b) as n_b,
        sum(n) over (partition by kiri, kanan, kolom) as semua
    from hitung
),

-- What chance gives is summed over the answers of one side; one that the other side never gives is no agreement either way.
kebetulan as (
    select a.kiri, a.kanan, a.kolom, sum(a.n_a * b.n_b / (a.semua * a.semua)) as porsi
    from (select distinct kiri, kanan, kolom, a, n_a, semua from tepi) as a
    inner join (select distinct kiri, kanan, kolom, b, n_b from tepi) as b
        on a.kiri = b.kiri and a.kanan = b.kanan and a.kolom = b.kolom and a.a = b.b
    group by a.kiri, a.kanan, a.kolom
),

sepakat as (
    select kiri, kanan, kolom, max(semua) as pasangan, sum(case when a = b then n else 0.0 end) / max(semua) as porsi
    from tepi
    group by kiri, kanan, kolom
),

kappa as (
    select s.kiri, s.kanan, s.kolom, (s.porsi - coalesce(k.porsi, 0.0)) / (1.0 - coalesce(k.porsi, 0.0)) as nilai
    from sepakat as s
    left join kebetulan as k on s.kiri = k.kiri and s.kanan = k.kanan and s.kolom = k.kolom
    where s.pasangan >= 100 and coalesce(k.porsi, 0.0) <= 0.8
),

sumber as (
    select kiri as source, kolom, nilai from kappa
    union all
    select kanan as source, kolom, nilai from kappa
)

select concat(source, ': ', kolom) as ukuran, max(nilai) as nilai
from sumber
group by source, kolom
union all
select 'tidak ada sumber yang berbagi cukup jawaban / no sources share enough answers' as ukuran, 1.0 as nilai
where not exists (select 1 from sumber)
