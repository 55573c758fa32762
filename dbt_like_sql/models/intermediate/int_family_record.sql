-- One row a family of any source (family_uid): a DTKS household counts once for every family under its roof, and all of them share
-- its dwelling and its goods. A family whose own row was not accepted is here too, with nothing known, because its members are.
with anggota as (
    select
        family_uid,
        source,
        roster_id,
        nuk,
        bool_or(pbi) as pbi,
        bool_or(pkh_individu) as pkh,
        max(tanggal_amatan) as tanggal_amatan
    from intermediate.int_person_record
    group by family_uid, source, roster_id, nuk
),

-- the card of the family is the one most of its members carry, the head's where they are as many
kartu as (
    select
        family_uid,
        kk,
        row_number() over (
            partition by family_uid order by count(*) desc, max(case when hubungan = 1 then 1 else 0 end) desc, kk
        ) as urut
    from intermediate.int_person_record
    where kk is not null
    group by family_uid, kk
),

keluarga as (
    select
        a.family_uid,
        a.source,
        a.roster_id,
        a.nuk,
        k.kk,
        a.pbi,
        a.pkh,
        a.tanggal_amatan
    from anggota as a
    left join kartu as k on a.family_uid = k.family_uid and k.urut = 1
    union all
    select
        concat(o.source, ':', o.roster_id, '#1') as family_uid,
        o.source,
        o.roster_id,
        1 as nuk,
        o.kk,
        cast(null as boolean) as pbi,
        cast(null as boolean) as pkh,
        o.tanggal_amatan
    from intermediate.int_roster as o
    left join (select distinct source, roster_id from anggota) as a on o.source = a.source and o.roster_id = a.roster_id
    where a.roster_id is null
),

bantuan_dtks as (
    select idbdt, coalesce(nuk, 1) as nuk, bool_or(ya_12(ada_bpnt)) as bpnt
    from staging.stg_dtks__anggota
    group by idbdt, coalesce(nuk, 1)
),

-- a programme of a DTKS family is what its members say; the household's answer may be about the other family under the roof
lapor as (
    select
        k.family_uid,
        cast(null as varchar) as kk_status,
        case when r.jumlah_keluarga = 1 then r.jumlah_art end as jumlah_anggota_lapor,
        r.nonaktif = 1 as nonaktif,
        coalesce(k.pkh, ya_12(r.sta_pkh)) as pkh,
        coalesce(b.bpnt, ya_12(r.sta_kks)) as bpnt,
        cast(null as double) as penghasilan,
        cast(null as double) as pengeluaran
    from keluarga as k
    inner join staging.stg_dtks__rumah_tangga as r on k.roster_id = r.idbdt
    left join bantuan_dtks as b on k.roster_id = b.idbdt and k.nuk = b.nuk
    where k.source = 'dtks'
    union all
    select
        k.family_uid,
        case r.kd_kk when 0 then 'sesuai' when 1 then 'induk' when 2 then 'pecahan' end as kk_status,
        r.jumlah_anggota as jumlah_anggota_lapor,
        r.kd_hasil_pendataan = 5 as nonaktif,
        ya_12(r.kd_pkh) as pkh,
        ya_12(r.kd_bss_bnpt) as bpnt,
        cast(null as double) as penghasilan,
        cast(null as double) as pengeluaran
    from keluarga as k
    inner join staging.stg_regsosek__keluarga as r on k.roster_id = r.id_keluarga
    where k.source = 'regsosek'
    union all
    select
        k.family_uid,
        cast(null as varchar) as kk_status,
        cast(null as integer) as jumlah_anggota_lapor,
        false as nonaktif,
        ya_label(r.pkh) as pkh,
        -- Sembako is the name BPNT has had since 2020
        coalesce(ya_label(r.bpnt) or ya_label(r.sembako), ya_label(r.bpnt), ya_label(r.sembako)) as bpnt,
        r.penghasilan,
        r.pengeluaran
    from keluarga as k
    inner join staging.stg_p3ke__keluarga as r on k.roster_id = r.id_keluarga
    where k.source = 'p3ke'
)

select
    k.family_uid,
    k.source,
    k.roster_id,
    k.nuk,
    k.kk,
    l.kk_status,
    o.alamat_baku,
    o.sls,
    o.kode_desa,
    o.kode_kecamatan,
    o.kode_kabupaten,
    o.kode_provinsi,
    l.jumlah_anggota_lapor,
    coalesce(o.tanggal_amatan, k.tanggal_amatan) as tanggal_amatan,
    l.nonaktif,
    h.status_rumah,
    h.luas_lantai,
    h.lantai,
    h.lantai_rinci,
    h.dinding,
    h.dinding_rinci,
    h.atap,
    h.atap_rinci,
    h.air_minum,
    h.air_minum_rinci,
    h.penerangan,
    h.penerangan_rinci,
    h.daya,
    h.daya_rinci,
    h.bahan_bakar,
    h.bahan_bakar_rinci,
    h.bab,
    h.bab_rinci,
    h.kloset,
    h.buang_tinja,
    h.tabung_gas,
    h.lemari_es,
    h.ac,
    h.pemanas_air,
    h.telepon,
    h.televisi,
    h.emas,
    h.laptop,
    h.motor,
    h.sepeda,
    h.mobil,
    h.perahu,
    h.kapal,
    h.smartphone,
    h.lahan,
    h.rumah_lain,
    h.simpanan,
    h.sapi,
    h.kerbau,
    h.kuda,
    h.babi,
    h.kambing,
    l.pkh,
    l.bpnt,
    k.pbi,
    l.penghasilan,
    l.pengeluaran
from keluarga as k
left join lapor as l on k.family_uid = l.family_uid
left join intermediate.int_roster as o on k.source = o.source and k.roster_id = o.roster_id
left join intermediate.int_rumah__baku as h on k.source = h.source and k.roster_id = h.roster_id
