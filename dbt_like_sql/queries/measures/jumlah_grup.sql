-- Grain: group of records (all, a province, a sex, ...) and bucket; the sums over its records, as in jumlah_sel.
-- By all groupings at once first: one pass over the records.
with rinci as (
    select
        s.ember,
        r.provinsi,
        r.jk,
        r.umur,
        r.tunggal,
        r.nik,
        sum(s.n - 1) as sama,
        sum(s.f - 1) as ditemukan,
        sum(s.t - 1) as benar,
        sum(s.n / s.f) as b3_presisi,
        sum(s.n / s.t) as b3_recall,
        count(*) as rekaman,
        sum(case when s.n = s.f and s.n = s.t then 1.0 / s.t else 0 end) as tepat,
        sum(1.0 / s.t) as utuh_benar,
        sum(1.0 / s.f) as utuh_ditemukan
    from banding as r
    inner join sel as s on r.orang = s.ditemukan and r.orang_benar = s.benar
    group by s.ember, r.provinsi, r.jk, r.umur, r.tunggal, r.nik
),

bernama as (
    select
        r.* replace (coalesce(w.nama, r.provinsi, 'tidak diketahui') as provinsi)
    from rinci as r
    left join intermediate.int_wilayah__aktif as w on r.provinsi = w.kode_kemendagri
)

select
    case
        when provinsi is not null then concat('provinsi=', provinsi)
        when jk is not null then concat('jk=', jk)
        when umur is not null then concat('umur=', umur)
        when tunggal is not null then concat('nama_tunggal=', tunggal)
        when nik is not null then concat('nik=', nik)
        else 'semua'
    end as kelompok,
    ember,
    sum(sama) as sama,
    sum(ditemukan) as ditemukan,
    sum(benar) as benar,
    sum(b3_presisi) as b3_presisi,
    sum(b3_recall) as b3_recall,
    sum(rekaman) as rekaman,
    sum(tepat) as tepat,
    sum(utuh_benar) as utuh_benar,
    sum(utuh_ditemukan) as utuh_ditemukan
from bernama
group by grouping sets ((ember), (ember, provinsi), (ember, jk), (ember, umur), (ember, tunggal), (ember, nik))
