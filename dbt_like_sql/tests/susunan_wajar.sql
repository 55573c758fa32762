-- What no roster can help keeping, by source: age, sex, marriage and schooling of members fit their place in the family. An age is that
-- of the interview. Of fewer than a hundred members a share says too little.
with kepala as (
    select family_uid, min_by(tahun_lahir, record_uid) as tahun_lahir, min_by(jenis_kelamin, record_uid) as jenis_kelamin
    from intermediate.int_person_record
    where hubungan = 1
    group by family_uid
),

anggota as (
    select
        p.source,
        p.hubungan,
        p.jenis_kelamin,
        p.status_kawin,
        p.pendidikan,
        p.tahun_lahir,
        extract(year from p.tanggal_amatan) - p.tahun_lahir as umur,
        k.tahun_lahir as tahun_kepala,
        k.jenis_kelamin as kelamin_kepala
    from intermediate.int_person_record as p
    left join kepala as k on p.family_uid = k.family_uid
),

syarat as (
    select
        source,
        case when hubungan = 1 and umur is not null then case when umur >= 13 then 1.0 else 0.0 end end as kepala,
        case when hubungan = 3 then case when tahun_lahir > tahun_kepala then 1.0 when tahun_lahir <= tahun_kepala then 0.0 end end
            as anak,
        case
            when hubungan = 2
                then case when jenis_kelamin <> kelamin_kepala then 1.0 when jenis_kelamin = kelamin_kepala then 0.0 end
        end as pasangan,
        case when hubungan = 2 and status_kawin is not null then case when status_kawin = 2 then 1.0 else 0.0 end end as kawin,
        case when umur < 13 and status_kawin is not null then case when status_kawin = 1 then 1.0 else 0.0 end end as belum_kawin,
        case when umur < 6 and pendidikan is not null then case when pendidikan = 0 then 1.0 else 0.0 end end as belum_sekolah
    from anggota
),

hitung as (
    select source, 'kepala berumur 13 tahun ke atas / heads aged 13 and over' as ciri, count(kepala) as orang, avg(kepala) as nilai
    from syarat
    group by source
    union all
    select source, 'anak lebih muda dari kepala / children younger than the head' as ciri, count(anak) as orang, avg(anak) as nilai
    from syarat
    group by source
    union all
    select
        source, 'pasangan berlainan kelamin / spouses of the other sex' as ciri, count(pasangan) as orang, avg(pasangan) as nilai
    from syarat
    group by source
    union all
    select source, 'pasangan berstatus kawin / spouses who are married' as ciri, count(kawin) as orang, avg(kawin) as nilai
    from syarat
    group by source
    union all
    select
        source, 'di bawah 13 tahun belum kawin / under 13 and unmarried' as ciri, count(belum_kawin) as orang,
        avg(belum_kawin) as nilai
    from syarat
    group by source
    union all
    select
        source, 'di bawah 6 tahun tanpa ijazah / under 6 without a certificate' as ciri, count(belum_sekolah) as orang,
        avg(belum_sekolah) as nilai
    from syarat
    group by source
)

select concat(source, ': ', ciri) as ukuran, nilai
from hitung
where orang >= 100
union all
select 'tidak ada sumber yang cukup besar / no source is large enough' as ukuran, 1.0 as nilai
where not exists (select 1 from hitung where orang >= 100)
