-- One row a family (family_id): its members present counted (jumlah_tercatat: with those who died or left), its head, and for every
-- column the one value that survives, with source and day.
-- The latest interview speaks, on one day the better source; NULL never wins. A fine label survives only beside its own coarse one.
with anggota as (
    select
        a.person_id,
        a.family_id,
        a.hubungan,
        a.jenis_kelamin,
        a.pendidikan,
        a.bekerja,
        a.tgl_lahir,
        coalesce(a.status_keberadaan, 'ada') = 'ada' as hadir,
        extract(year from r.bulan) - extract(year from a.tgl_lahir) - case
            when extract(month from r.bulan) * 100 + extract(day from r.bulan)
                < extract(month from a.tgl_lahir) * 100 + extract(day from a.tgl_lahir)
                then 1
            else 0
        end as umur
    from marts.anggota as a
    cross join raw.run as r
),

hitung as (
    select
        family_id,
        cast(count(*) as integer) as jumlah_tercatat,
        cast(count(case when hadir then 1 end) as integer) as jumlah_anggota,
        cast(count(case when hadir and umur <= 14 then 1 end) as integer) as jumlah_art_0_14,
        cast(count(case when hadir and umur >= 65 then 1 end) as integer) as jumlah_art_65
    from anggota
    group by family_id
),

-- the head as reported, if still there; a family whose roster did not say (the second family of a DTKS household) has its spouse or eldest
kepala as (
    select
        family_id,
        person_id,
        jenis_kelamin,
        pendidikan,
        bekerja,
        umur,
        row_number() over (
            partition by family_id
            order by
                hadir desc,
                case hubungan when 1 then 0 when 2 then 1 else 2 end,
                tgl_lahir nulls last,
                person_id
        ) as urut
    from anggota
),

-- a roster row speaks for the family that most of its members are in now
isi as (
    select
        c.family_id,
        p.family_uid,
        row_number() over (
            partition by p.family_uid
            order by count(*) desc, max(case when p.hubungan = 1 then 1 else 0 end) desc, c.family_id
        ) as urut
    from linkage.crosswalk as c
    inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
    group by c.family_id, p.family_uid
),

-- and for another one only where that has no row of its own
berhak as (
    select i.family_id, i.family_uid
    from isi as i
    left join (select distinct family_id from isi where urut = 1) as m on i.family_id = m.family_id
    where i.urut = 1 or m.family_id is null
),

urutan as (
    select
        b.family_id,
        b.family_uid,
        kunci_urut(
            row_number() over (
                partition by b.family_id order by f.tanggal_amatan desc, cast(s.prioritas as integer), f.family_uid
            ),
            f.tanggal_amatan,
            cast(s.prioritas as integer)
        ) as kunci
    from berhak as b
    inner join intermediate.int_family_record as f on b.family_uid = f.family_uid
    inner join seeds.prioritas_sumber as s on f.source = s.source
),

terbaru as (
    select
        u.family_id,
        bool_and(coalesce(f.nonaktif, false)) as nonaktif,
        -- the four codes come from one row, or a village of one place would lie in the regency of another
        min_by(coalesce(f.kode_desa, ''), u.kunci) filter (where f.kode_provinsi is not null) as kode_desa,
        min_by(coalesce(f.kode_kecamatan, ''), u.kunci) filter (where f.kode_provinsi is not null) as kode_kecamatan,
        min_by(coalesce(f.kode_kabupaten, ''), u.kunci) filter (where f.kode_provinsi is not null) as kode_kabupaten,
        pilih(f.kode_provinsi, u.kunci) as kode_provinsi,
        pilih_kunci(f.kode_provinsi, u.kunci) as kode_desa_kunci,
        pilih(f.kk, u.kunci) as kk,
        pilih_kunci(f.kk, u.kunci) as kk_kunci,
        pilih(f.kk_status, u.kunci) as kk_status,
        pilih_kunci(f.kk_status, u.kunci) as kk_status_kunci,
        pilih(f.alamat_baku, u.kunci) as alamat_baku,
        pilih_kunci(f.alamat_baku, u.kunci) as alamat_baku_kunci,
        pilih(f.status_rumah, u.kunci) as status_rumah,
        pilih_kunci(f.status_rumah, u.kunci) as status_rumah_kunci,
        pilih(f.luas_lantai, u.kunci) as luas_lantai,
        pilih_kunci(f.luas_lantai, u.kunci) as luas_lantai_kunci,
        pilih(f.lantai, u.kunci) as lantai,
        pilih_kunci(f.lantai, u.kunci) as lantai_kunci,
        pilih(f.dinding, u.kunci) as dinding,
        pilih_kunci(f.dinding, u.kunci) as dinding_kunci,
        pilih(f.atap, u.kunci) as atap,
        pilih_kunci(f.atap, u.kunci) as atap_kunci,
        pilih(f.air_minum, u.kunci) as air_minum,
        pilih_kunci(f.air_minum, u.kunci) as air_minum_kunci,
        pilih(f.penerangan, u.kunci) as penerangan,
        pilih_kunci(f.penerangan, u.kunci) as penerangan_kunci,
        pilih(f.daya, u.kunci) as daya,
        pilih_kunci(f.daya, u.kunci) as daya_kunci,
        pilih(f.bahan_bakar, u.kunci) as bahan_bakar,
        pilih_kunci(f.bahan_bakar, u.kunci) as bahan_bakar_kunci,
        pilih(f.bab, u.kunci) as bab,
        pilih_kunci(f.bab, u.kunci) as bab_kunci,
        pilih(f.kloset, u.kunci) as kloset,
        pilih_kunci(f.kloset, u.kunci) as kloset_kunci,
        pilih(f.buang_tinja, u.kunci) as buang_tinja,
        pilih_kunci(f.buang_tinja, u.kunci) as buang_tinja_kunci,
        pilih(f.tabung_gas, u.kunci) as tabung_gas,
        pilih_kunci(f.tabung_gas, u.kunci) as tabung_gas_kunci,
        pilih(f.lemari_es, u.kunci) as lemari_es,
        pilih_kunci(f.lemari_es, u.kunci) as lemari_es_kunci,
        pilih(f.ac, u.kunci) as ac,
        pilih_kunci(f.ac, u.kunci) as ac_kunci,
        pilih(f.pemanas_air, u.kunci) as pemanas_air,
        pilih_kunci(f.pemanas_air, u.kunci) as pemanas_air_kunci,
        pilih(f.telepon, u.kunci) as telepon,
        pilih_kunci(f.telepon, u.kunci) as telepon_kunci,
        pilih(f.televisi, u.kunci) as televisi,
        pilih_kunci(f.televisi, u.kunci) as televisi_kunci,
        pilih(f.emas, u.kunci) as emas,
        pilih_kunci(f.emas, u.kunci) as emas_kunci,
        pilih(f.laptop, u.kunci) as laptop,
        pilih_kunci(f.laptop, u.kunci) as laptop_kunci,
        pilih(f.motor, u.kunci) as motor,
        pilih_kunci(f.motor, u.kunci) as motor_kunci,
        pilih(f.sepeda, u.kunci) as sepeda,
        pilih_kunci(f.sepeda, u.kunci) as sepeda_kunci,
        pilih(f.mobil, u.kunci) as mobil,
        pilih_kunci(f.mobil, u.kunci) as mobil_kunci,
        pilih(f.perahu, u.kunci) as perahu,
        pilih_kunci(f.perahu, u.kunci) as perahu_kunci,
        pilih(f.kapal, u.kunci) as kapal,
        pilih_kunci(f.kapal, u.kunci) as kapal_kunci,
        pilih(f.smartphone, u.kunci) as smartphone,
        pilih_kunci(f.smartphone, u.kunci) as smartphone_kunci,
        pilih(f.lahan, u.kunci) as lahan,
        pilih_kunci(f.lahan, u.kunci) as lahan_kunci,
        pilih(f.rumah_lain, u.kunci) as rumah_lain,
        pilih_kunci(f.rumah_lain, u.kunci) as rumah_lain_kunci,
        pilih(f.simpanan, u.kunci) as simpanan,
        pilih_kunci(f.simpanan, u.kunci) as simpanan_kunci,
        pilih(f.sapi, u.kunci) as sapi,
        pilih_kunci(f.sapi, u.kunci) as sapi_kunci,
        pilih(f.kerbau, u.kunci) as kerbau,
        pilih_kunci(f.kerbau, u.kunci) as kerbau_kunci,
        pilih(f.kuda, u.kunci) as kuda,
        pilih_kunci(f.kuda, u.kunci) as kuda_kunci,
        pilih(f.babi, u.kunci) as babi,
        pilih_kunci(f.babi, u.kunci) as babi_kunci,
        pilih(f.kambing, u.kunci) as kambing,
        pilih_kunci(f.kambing, u.kunci) as kambing_kunci,
        pilih(f.pkh, u.kunci) as pkh,
        pilih_kunci(f.pkh, u.kunci) as pkh_kunci,
        pilih(f.bpnt, u.kunci) as bpnt,
        pilih_kunci(f.bpnt, u.kunci) as bpnt_kunci,
        pilih(f.pbi, u.kunci) as pbi,
        pilih_kunci(f.pbi, u.kunci) as pbi_kunci,
        pilih(f.penghasilan, u.kunci) as penghasilan,
        pilih_kunci(f.penghasilan, u.kunci) as penghasilan_kunci,
        pilih(f.pengeluaran, u.kunci) as pengeluaran,
        pilih_kunci(f.pengeluaran, u.kunci) as pengeluaran_kunci
    from urutan as u
    inner join intermediate.int_family_record as f on u.family_uid = f.family_uid
    group by u.family_id
),

rinci as (
    select
        u.family_id,
        min_by(f.sls, u.kunci) filter (where f.sls is not null and coalesce(f.kode_desa, '') = t.kode_desa) as sls,
        min(case when f.sls is not null and coalesce(f.kode_desa, '') = t.kode_desa then u.kunci end) as sls_kunci,
        min_by(f.lantai_rinci, u.kunci) filter (where f.lantai_rinci is not null and f.lantai = t.lantai) as lantai_rinci,
        min(case when f.lantai_rinci is not null and f.lantai = t.lantai then u.kunci end) as lantai_rinci_kunci,
        min_by(f.dinding_rinci, u.kunci) filter (where f.dinding_rinci is not null and f.dinding = t.dinding) as dinding_rinci,
        min(case when f.dinding_rinci is not null and f.dinding = t.dinding then u.kunci end) as dinding_rinci_kunci,
        min_by(f.atap_rinci, u.kunci) filter (where f.atap_rinci is not null and f.atap = t.atap) as atap_rinci,
        min(case when f.atap_rinci is not null and f.atap = t.atap then u.kunci end) as atap_rinci_kunci,
        min_by(f.air_minum_rinci, u.kunci) filter (where f.air_minum_rinci is not null and f.air_minum = t.air_minum) as air_minum_rinci,
        min(case when f.air_minum_rinci is not null and f.air_minum = t.air_minum then u.kunci end) as air_minum_rinci_kunci,
        min_by(f.penerangan_rinci, u.kunci) filter (where f.penerangan_rinci is not null and f.penerangan = t.penerangan) as penerangan_rinci,
        min(case when f.penerangan_rinci is not null and f.penerangan = t.penerangan then u.kunci end) as penerangan_rinci_kunci,
        min_by(f.daya_rinci, u.kunci) filter (where f.daya_rinci is not null and f.daya = t.daya) as daya_rinci,
        min(case when f.daya_rinci is not null and f.daya = t.daya then u.kunci end) as daya_rinci_kunci,
        min_by(f.bahan_bakar_rinci, u.kunci) filter (where f.bahan_bakar_rinci is not null and f.bahan_bakar = t.bahan_bakar) as bahan_bakar_rinci,
        min(case when f.bahan_bakar_rinci is not null and f.bahan_bakar = t.bahan_bakar then u.kunci end) as bahan_bakar_rinci_kunci,
        min_by(f.bab_rinci, u.kunci) filter (where f.bab_rinci is not null and f.bab = t.bab) as bab_rinci,
        min(case when f.bab_rinci is not null and f.bab = t.bab then u.kunci end) as bab_rinci_kunci
    from urutan as u
    inner join intermediate.int_family_record as f on u.family_uid = f.family_uid
    inner join terbaru as t on u.family_id = t.family_id
    group by u.family_id
),

-- the sources by priority, to read one back out of a key
daftar as (
    select string_agg(source, ',' order by cast(prioritas as integer)) as sumber
    from seeds.prioritas_sumber
)

select
    h.family_id,
    k.person_id as kepala_person_id,
    t.kk,
    kunci_sumber(t.kk_kunci, d.sumber) as kk_sumber,
    kunci_tanggal(t.kk_kunci) as kk_tanggal,
    t.kk_status,
    kunci_sumber(t.kk_status_kunci, d.sumber) as kk_status_sumber,
    kunci_tanggal(t.kk_status_kunci) as kk_status_tanggal,
    t.alamat_baku,
    kunci_sumber(t.alamat_baku_kunci, d.sumber) as alamat_baku_sumber,
    kunci_tanggal(t.alamat_baku_kunci) as alamat_baku_tanggal,
    i.sls,
    kunci_sumber(i.sls_kunci, d.sumber) as sls_sumber,
    kunci_tanggal(i.sls_kunci) as sls_tanggal,
    nullif(t.kode_desa, '') as kode_desa,
    nullif(t.kode_kecamatan, '') as kode_kecamatan,
    nullif(t.kode_kabupaten, '') as kode_kabupaten,
    t.kode_provinsi,
    kunci_sumber(t.kode_desa_kunci, d.sumber) as kode_desa_sumber,
    kunci_tanggal(t.kode_desa_kunci) as kode_desa_tanggal,
    w_desa.nama as nama_desa,
    w_kecamatan.nama as nama_kecamatan,
    w_kabupaten.nama as nama_kabupaten,
    w_provinsi.nama as nama_provinsi,
    h.jumlah_anggota,
    h.jumlah_tercatat,
    h.jumlah_art_0_14,
    h.jumlah_art_65,
    cast(k.umur as integer) as umur_krt,
    k.jenis_kelamin as jenis_kelamin_krt,
    k.pendidikan as pendidikan_krt,
    k.bekerja as bekerja_krt,
    t.nonaktif,
    t.status_rumah,
    kunci_sumber(t.status_rumah_kunci, d.sumber) as status_rumah_sumber,
    kunci_tanggal(t.status_rumah_kunci) as status_rumah_tanggal,
    t.luas_lantai,
    kunci_sumber(t.luas_lantai_kunci, d.sumber) as luas_lantai_sumber,
    kunci_tanggal(t.luas_lantai_kunci) as luas_lantai_tanggal,
    t.lantai,
    kunci_sumber(t.lantai_kunci, d.sumber) as lantai_sumber,
    kunci_tanggal(t.lantai_kunci) as lantai_tanggal,
    i.lantai_rinci,
    kunci_sumber(i.lantai_rinci_kunci, d.sumber) as lantai_rinci_sumber,
    kunci_tanggal(i.lantai_rinci_kunci) as lantai_rinci_tanggal,
    t.dinding,
    kunci_sumber(t.dinding_kunci, d.sumber) as dinding_sumber,
    kunci_tanggal(t.dinding_kunci) as dinding_tanggal,
    i.dinding_rinci,
    kunci_sumber(i.dinding_rinci_kunci, d.sumber) as dinding_rinci_sumber,
    kunci_tanggal(i.dinding_rinci_kunci) as dinding_rinci_tanggal,
    t.atap,
    kunci_sumber(t.atap_kunci, d.sumber) as atap_sumber,
    kunci_tanggal(t.atap_kunci) as atap_tanggal,
    i.atap_rinci,
    kunci_sumber(i.atap_rinci_kunci, d.sumber) as atap_rinci_sumber,
    kunci_tanggal(i.atap_rinci_kunci) as atap_rinci_tanggal,
    t.air_minum,
    kunci_sumber(t.air_minum_kunci, d.sumber) as air_minum_sumber,
    kunci_tanggal(t.air_minum_kunci) as air_minum_tanggal,
    i.air_minum_rinci,
    kunci_sumber(i.air_minum_rinci_kunci, d.sumber) as air_minum_rinci_sumber,
    kunci_tanggal(i.air_minum_rinci_kunci) as air_minum_rinci_tanggal,
    t.penerangan,
    kunci_sumber(t.penerangan_kunci, d.sumber) as penerangan_sumber,
    kunci_tanggal(t.penerangan_kunci) as penerangan_tanggal,
    i.penerangan_rinci,
    kunci_sumber(i.penerangan_rinci_kunci, d.sumber) as penerangan_rinci_sumber,
    kunci_tanggal(i.penerangan_rinci_kunci) as penerangan_rinci_tanggal,
    t.daya,
    kunci_sumber(t.daya_kunci, d.sumber) as daya_sumber,
    kunci_tanggal(t.daya_kunci) as daya_tanggal,
    i.daya_rinci,
    kunci_sumber(i.daya_rinci_kunci, d.sumber) as daya_rinci_sumber,
    kunci_tanggal(i.daya_rinci_kunci) as daya_rinci_tanggal,
    t.bahan_bakar,
    kunci_sumber(t.bahan_bakar_kunci, d.sumber) as bahan_bakar_sumber,
    kunci_tanggal(t.bahan_bakar_kunci) as bahan_bakar_tanggal,
    i.bahan_bakar_rinci,
    kunci_sumber(i.bahan_bakar_rinci_kunci, d.sumber) as bahan_bakar_rinci_sumber,
    kunci_tanggal(i.bahan_bakar_rinci_kunci) as bahan_bakar_rinci_tanggal,
    t.bab,
    kunci_sumber(t.bab_kunci, d.sumber) as bab_sumber,
    kunci_tanggal(t.bab_kunci) as bab_tanggal,
    i.bab_rinci,
    kunci_sumber(i.bab_rinci_kunci, d.sumber) as bab_rinci_sumber,
    kunci_tanggal(i.bab_rinci_kunci) as bab_rinci_tanggal,
    t.kloset,
    kunci_sumber(t.kloset_kunci, d.sumber) as kloset_sumber,
    kunci_tanggal(t.kloset_kunci) as kloset_tanggal,
    t.buang_tinja,
    kunci_sumber(t.buang_tinja_kunci, d.sumber) as buang_tinja_sumber,
    kunci_tanggal(t.buang_tinja_kunci) as buang_tinja_tanggal,
    t.tabung_gas,
    kunci_sumber(t.tabung_gas_kunci, d.sumber) as tabung_gas_sumber,
    kunci_tanggal(t.tabung_gas_kunci) as tabung_gas_tanggal,
    t.lemari_es,
    kunci_sumber(t.lemari_es_kunci, d.sumber) as lemari_es_sumber,
    kunci_tanggal(t.lemari_es_kunci) as lemari_es_tanggal,
    t.ac,
    kunci_sumber(t.ac_kunci, d.sumber) as ac_sumber,
    kunci_tanggal(t.ac_kunci) as ac_tanggal,
    t.pemanas_air,
    kunci_sumber(t.pemanas_air_kunci, d.sumber) as pemanas_air_sumber,
    kunci_tanggal(t.pemanas_air_kunci) as pemanas_air_tanggal,
    t.telepon,
    kunci_sumber(t.telepon_kunci, d.sumber) as telepon_sumber,
    kunci_tanggal(t.telepon_kunci) as telepon_tanggal,
    t.televisi,
    kunci_sumber(t.televisi_kunci, d.sumber) as televisi_sumber,
    kunci_tanggal(t.televisi_kunci) as televisi_tanggal,
    t.emas,
    kunci_sumber(t.emas_kunci, d.sumber) as emas_sumber,
    kunci_tanggal(t.emas_kunci) as emas_tanggal,
    t.laptop,
    kunci_sumber(t.laptop_kunci, d.sumber) as laptop_sumber,
    kunci_tanggal(t.laptop_kunci) as laptop_tanggal,
    t.motor,
    kunci_sumber(t.motor_kunci, d.sumber) as motor_sumber,
    kunci_tanggal(t.motor_kunci) as motor_tanggal,
    t.sepeda,
    kunci_sumber(t.sepeda_kunci, d.sumber) as sepeda_sumber,
    kunci_tanggal(t.sepeda_kunci) as sepeda_tanggal,
    t.mobil,
    kunci_sumber(t.mobil_kunci, d.sumber) as mobil_sumber,
    kunci_tanggal(t.mobil_kunci) as mobil_tanggal,
    t.perahu,
    kunci_sumber(t.perahu_kunci, d.sumber) as perahu_sumber,
    kunci_tanggal(t.perahu_kunci) as perahu_tanggal,
    t.kapal,
    kunci_sumber(t.kapal_kunci, d.sumber) as kapal_sumber,
    kunci_tanggal(t.kapal_kunci) as kapal_tanggal,
    t.smartphone,
    kunci_sumber(t.smartphone_kunci, d.sumber) as smartphone_sumber,
    kunci_tanggal(t.smartphone_kunci) as smartphone_tanggal,
    t.lahan,
    kunci_sumber(t.lahan_kunci, d.sumber) as lahan_sumber,
    kunci_tanggal(t.lahan_kunci) as lahan_tanggal,
    t.rumah_lain,
    kunci_sumber(t.rumah_lain_kunci, d.sumber) as rumah_lain_sumber,
    kunci_tanggal(t.rumah_lain_kunci) as rumah_lain_tanggal,
    t.simpanan,
    kunci_sumber(t.simpanan_kunci, d.sumber) as simpanan_sumber,
    kunci_tanggal(t.simpanan_kunci) as simpanan_tanggal,
    t.sapi,
    kunci_sumber(t.sapi_kunci, d.sumber) as sapi_sumber,
    kunci_tanggal(t.sapi_kunci) as sapi_tanggal,
    t.kerbau,
    kunci_sumber(t.kerbau_kunci, d.sumber) as kerbau_sumber,
    kunci_tanggal(t.kerbau_kunci) as kerbau_tanggal,
    t.kuda,
    kunci_sumber(t.kuda_kunci, d.sumber) as kuda_sumber,
    kunci_tanggal(t.kuda_kunci) as kuda_tanggal,
    t.babi,
    kunci_sumber(t.babi_kunci, d.sumber) as babi_sumber,
    kunci_tanggal(t.babi_kunci) as babi_tanggal,
    t.kambing,
    kunci_sumber(t.kambing_kunci, d.sumber) as kambing_sumber,
    kunci_tanggal(t.kambing_kunci) as kambing_tanggal,
    t.pkh,
    kunci_sumber(t.pkh_kunci, d.sumber) as pkh_sumber,
    kunci_tanggal(t.pkh_kunci) as pkh_tanggal,
    t.bpnt,
    kunci_sumber(t.bpnt_kunci, d.sumber) as bpnt_sumber,
    kunci_tanggal(t.bpnt_kunci) as bpnt_tanggal,
    t.pbi,
    kunci_sumber(t.pbi_kunci, d.sumber) as pbi_sumber,
    kunci_tanggal(t.pbi_kunci) as pbi_tanggal,
    t.penghasilan,
    kunci_sumber(t.penghasilan_kunci, d.sumber) as penghasilan_sumber,
    kunci_tanggal(t.penghasilan_kunci) as penghasilan_tanggal,
    t.pengeluaran,
    kunci_sumber(t.pengeluaran_kunci, d.sumber) as pengeluaran_sumber,
    kunci_tanggal(t.pengeluaran_kunci) as pengeluaran_tanggal
from hitung as h
inner join kepala as k on h.family_id = k.family_id and k.urut = 1
cross join daftar as d
left join terbaru as t on h.family_id = t.family_id
left join rinci as i on h.family_id = i.family_id
left join intermediate.int_wilayah__aktif as w_desa on t.kode_desa = w_desa.kode_kemendagri
left join intermediate.int_wilayah__aktif as w_kecamatan on t.kode_kecamatan = w_kecamatan.kode_kemendagri
left join intermediate.int_wilayah__aktif as w_kabupaten on t.kode_kabupaten = w_kabupaten.kode_kemendagri
left join intermediate.int_wilayah__aktif as w_provinsi on t.kode_provinsi = w_provinsi.kode_kemendagri
