-- One row a dwelling as one source saw it (roster_id: a DTKS household, a family, a household of the consumption sample), in one code
-- list. The coarse list is what every source can say without guessing; <col>_rinci keeps the finer label where the source has one.
-- The sample goes the same way as the register, so that a coefficient means the same thing in both.
with kode as (
    select
        'dtks' as source,
        idbdt as roster_id,
        cast(sta_bangunan as varchar) as status_rumah,
        cast(lantai as varchar) as lantai,
        cast(dinding as varchar) as dinding,
        cast(atap as varchar) as atap,
        cast(sumber_airminum as varchar) as air_minum,
        cast(sumber_penerangan as varchar) as penerangan,
        cast(daya as varchar) as daya,
        cast(bb_masak as varchar) as bahan_bakar,
        cast(fasbab as varchar) as bab,
        cast(kloset as varchar) as kloset,
        cast(buang_tinja as varchar) as buang_tinja,
        luas_lantai,
        ya_12(ada_tabung_gas) as tabung_gas,
        ya_34(ada_lemari_es) as lemari_es,
        ya_12(ada_ac) as ac,
        ya_34(ada_pemanas) as pemanas_air,
        ya_12(ada_telepon) as telepon,
        ya_34(ada_tv) as televisi,
        ya_12(ada_emas) as emas,
        ya_34(ada_laptop) as laptop,
        ya_34(ada_motor) as motor,
        ya_12(ada_sepeda) as sepeda,
        ya_12(ada_mobil) as mobil,
        ya_34(ada_perahu) as perahu,
        ya_12(ada_kapal) as kapal,
        cast(null as boolean) as smartphone,
        ya_12(aset_tak_bergerak) as lahan,
        ya_34(rumah_lain) as rumah_lain,
        cast(null as boolean) as simpanan,
        jumlah_sapi as sapi,
        jumlah_kerbau as kerbau,
        jumlah_kuda as kuda,
        jumlah_babi as babi,
        jumlah_kambing as kambing
    from staging.stg_dtks__rumah_tangga
    union all
    select
        'regsosek' as source,
        id_keluarga as roster_id,
        cast(kd_stat_bangunan_tinggal as varchar) as status_rumah,
        cast(kd_jenis_lantai_terluas as varchar) as lantai,
        cast(kd_jenis_dinding as varchar) as dinding,
        cast(kd_jenis_atap as varchar) as atap,
        cast(kd_sumber_air_minum as varchar) as air_minum,
        cast(kd_sumber_penerangan_utama as varchar) as penerangan,
        cast(kd_daya_terpasang as varchar) as daya,
        cast(kd_bahan_bakar_memasak as varchar) as bahan_bakar,
        cast(kd_fasilitas_tempat_bab as varchar) as bab,
        cast(kd_jenis_kloset as varchar) as kloset,
        cast(kd_pembuangan_akhir_tinja as varchar) as buang_tinja,
        luas_lantai,
        ya_12(kd_tabung_gas_5_5_kg) as tabung_gas,
        ya_12(kd_lemari_es) as lemari_es,
        ya_12(kd_ac) as ac,
        ya_12(kd_pemanas_air) as pemanas_air,
        ya_12(kd_telepon_rumah) as telepon,
        ya_12(kd_televisi) as televisi,
        ya_12(kd_perhiasan_10_gr_emas) as emas,
        ya_12(kd_komputer_laptop) as laptop,
        ya_12(kd_sepeda_motor) as motor,
        ya_12(kd_sepeda) as sepeda,
        ya_12(kd_mobil) as mobil,
        ya_12(kd_perahu) as perahu,
        ya_12(kd_kapal_perahu_motor) as kapal,
        ya_12(kd_smartphone) as smartphone,
        ya_12(kd_lahan) as lahan,
        ya_12(kd_rumah_ditempat_lain) as rumah_lain,
        cast(null as boolean) as simpanan,
        jumlah_sapi as sapi,
        jumlah_kerbau as kerbau,
        jumlah_kuda as kuda,
        jumlah_babi as babi,
        jumlah_kambing_domba as kambing
    from staging.stg_regsosek__keluarga
    union all
    select
        'p3ke' as source,
        id_keluarga as roster_id,
        kunci_label(kepemilikan_rumah) as status_rumah,
        kunci_label(jenis_lantai) as lantai,
        kunci_label(jenis_dinding) as dinding,
        kunci_label(jenis_atap_asal) as atap,
        kunci_label(sumber_air_minum) as air_minum,
        kunci_label(sumber_penerangan) as penerangan,
        kunci_label(daya_terpasang_asal) as daya,
        kunci_label(bahan_bakar_memasak) as bahan_bakar,
        kunci_label(fasilitas_bab) as bab,
        cast(null as varchar) as kloset,
        kunci_label(fasilitas_bab_asal) as buang_tinja,
        cast(null as double) as luas_lantai,
        cast(null as boolean) as tabung_gas,
        cast(null as boolean) as lemari_es,
        cast(null as boolean) as ac,
        cast(null as boolean) as pemanas_air,
        cast(null as boolean) as telepon,
        cast(null as boolean) as televisi,
        cast(null as boolean) as emas,
        cast(null as boolean) as laptop,
        cast(null as boolean) as motor,
        cast(null as boolean) as sepeda,
        cast(null as boolean) as mobil,
        cast(null as boolean) as perahu,
        cast(null as boolean) as kapal,
        cast(null as boolean) as smartphone,
        cast(null as boolean) as lahan,
        cast(null as boolean) as rumah_lain,
        ya_label(memiliki_simpanan) as simpanan,
        cast(null as integer) as sapi,
        cast(null as integer) as kerbau,
        cast(null as integer) as kuda,
        cast(null as integer) as babi,
        cast(null as integer) as kambing
    from staging.stg_p3ke__keluarga
    union all
    select
        'susenas' as source,
        id_ruta as roster_id,
        cast(kd_stat_bangunan_tinggal as varchar) as status_rumah,
        cast(kd_jenis_lantai_terluas as varchar) as lantai,
        cast(kd_jenis_dinding as varchar) as dinding,
        cast(kd_jenis_atap as varchar) as atap,
        cast(kd_sumber_air_minum as varchar) as air_minum,
        cast(kd_sumber_penerangan_utama as varchar) as penerangan,
        cast(kd_daya_terpasang as varchar) as daya,
        cast(kd_bahan_bakar_memasak as varchar) as bahan_bakar,
        cast(kd_fasilitas_tempat_bab as varchar) as bab,
        cast(kd_jenis_kloset as varchar) as kloset,
        cast(kd_pembuangan_akhir_tinja as varchar) as buang_tinja,
        luas_lantai,
        ya_12(kd_tabung_gas_5_5_kg) as tabung_gas,
        ya_12(kd_lemari_es) as lemari_es,
        ya_12(kd_ac) as ac,
        ya_12(kd_pemanas_air) as pemanas_air,
        ya_12(kd_telepon_rumah) as telepon,
        ya_12(kd_televisi) as televisi,
        ya_12(kd_perhiasan_10_gr_emas) as emas,
        ya_12(kd_komputer_laptop) as laptop,
        ya_12(kd_sepeda_motor) as motor,
        ya_12(kd_sepeda) as sepeda,
        ya_12(kd_mobil) as mobil,
        ya_12(kd_perahu) as perahu,
        ya_12(kd_kapal_perahu_motor) as kapal,
        ya_12(kd_smartphone) as smartphone,
        ya_12(kd_lahan) as lahan,
        ya_12(kd_rumah_ditempat_lain) as rumah_lain,
        cast(null as boolean) as simpanan,
        jumlah_sapi as sapi,
        jumlah_kerbau as kerbau,
        jumlah_kuda as kuda,
        jumlah_babi as babi,
        jumlah_kambing_domba as kambing
    from staging.stg_referensi__susenas
),

-- the sample is coded as Regsosek is
peta as (
    select source, kolom, kunci_label(kode) as kode, nilai_baku, nilai_rinci
    from seeds.kode_baku
    union all
    select 'susenas' as source, kolom, kunci_label(kode) as kode, nilai_baku, nilai_rinci
    from seeds.kode_baku
    where source = 'regsosek'
)

select
    k.source,
    k.roster_id,
    k_status_rumah.nilai_baku as status_rumah,
    k_lantai.nilai_baku as lantai,
    k_lantai.nilai_rinci as lantai_rinci,
    k_dinding.nilai_baku as dinding,
    k_dinding.nilai_rinci as dinding_rinci,
    k_atap.nilai_baku as atap,
    k_atap.nilai_rinci as atap_rinci,
    k_air_minum.nilai_baku as air_minum,
    k_air_minum.nilai_rinci as air_minum_rinci,
    k_penerangan.nilai_baku as penerangan,
    case when k_penerangan.nilai_baku = 'pln' and k.source = 'dtks' and k_daya.nilai_baku is not null
        then case k_daya.nilai_baku when 'tanpa' then 'pln_tanpa_meteran' else 'pln_meteran' end
        else k_penerangan.nilai_rinci
    end as penerangan_rinci,
    -- "without a meter" is a power code in DTKS and a lighting code in Regsosek; who has no PLN connection has no meter either
    case when k_daya.nilai_baku is not null then k_daya.nilai_baku
        when k_penerangan.nilai_rinci = 'pln_tanpa_meteran' or k_penerangan.nilai_baku in ('non_pln', 'bukan_listrik') then 'tanpa'
    end as daya,
    case when k_daya.nilai_baku is not null then k_daya.nilai_rinci
        when k_penerangan.nilai_rinci = 'pln_tanpa_meteran' then 'tanpa_meteran'
    end as daya_rinci,
    k_bahan_bakar.nilai_baku as bahan_bakar,
    k_bahan_bakar.nilai_rinci as bahan_bakar_rinci,
    k_bab.nilai_baku as bab,
    k_bab.nilai_rinci as bab_rinci,
    k_kloset.nilai_baku as kloset,
    k_buang_tinja.nilai_baku as buang_tinja,
    k.luas_lantai,
    k.tabung_gas,
    k.lemari_es,
    k.ac,
    k.pemanas_air,
    k.telepon,
    k.televisi,
    k.emas,
    k.laptop,
    k.motor,
    k.sepeda,
    k.mobil,
    k.perahu,
    k.kapal,
    k.smartphone,
    k.lahan,
    k.rumah_lain,
    k.simpanan,
    k.sapi,
    k.kerbau,
    k.kuda,
    k.babi,
    k.kambing
from kode as k
left join peta as k_status_rumah on k.source = k_status_rumah.source and k_status_rumah.kolom = 'status_rumah' and k.status_rumah = k_status_rumah.kode
left join peta as k_lantai on k.source = k_lantai.source and k_lantai.kolom = 'lantai' and k.lantai = k_lantai.kode
left join peta as k_dinding on k.source = k_dinding.source and k_dinding.kolom = 'dinding' and k.dinding = k_dinding.kode
left join peta as k_atap on k.source = k_atap.source and k_atap.kolom = 'atap' and k.atap = k_atap.kode
left join peta as k_air_minum on k.source = k_air_minum.source and k_air_minum.kolom = 'air_minum' and k.air_minum = k_air_minum.kode
left join peta as k_penerangan on k.source = k_penerangan.source and k_penerangan.kolom = 'penerangan' and k.penerangan = k_penerangan.kode
left join peta as k_daya on k.source = k_daya.source and k_daya.kolom = 'daya' and k.daya = k_daya.kode
left join peta as k_bahan_bakar on k.source = k_bahan_bakar.source and k_bahan_bakar.kolom = 'bahan_bakar' and k.bahan_bakar = k_bahan_bakar.kode
left join peta as k_bab on k.source = k_bab.source and k_bab.kolom = 'bab' and k.bab = k_bab.kode
left join peta as k_kloset on k.source = k_kloset.source and k_kloset.kolom = 'kloset' and k.kloset = k_kloset.kode
left join peta as k_buang_tinja on k.source = k_buang_tinja.source and k_buang_tinja.kolom = 'buang_tinja' and k.buang_tinja = k_buang_tinja.kode
