-- Grain: family. What a family is scored on; the same columns, made the same way, as fitur_susenas.
-- bukti says which sum can be read out: 'lengkap' the full one; 'ringkas' the short one, where no source asked about floor area,
-- assets or livestock (P3KE asks about none of them); 'tanpa' none, where no source says anything about the dwelling; 'pergi' none,
-- where no member is alive and present: whom should the score be of?
select
    k.family_id,
    k.kode_kabupaten,
    k.kode_provinsi,
    case
        when k.jumlah_anggota = 0 then 'pergi'
        when coalesce(
            cast(k.luas_lantai as varchar), cast(k.status_rumah as varchar), cast(k.lantai as varchar),
            cast(k.dinding as varchar), cast(k.atap as varchar), cast(k.air_minum as varchar),
            cast(k.penerangan as varchar), cast(k.daya as varchar), cast(k.bahan_bakar as varchar),
            cast(k.bab as varchar), cast(k.kloset as varchar), cast(k.buang_tinja as varchar)
        ) is null then 'tanpa'
        when coalesce(
            cast(k.luas_lantai as varchar), cast(k.tabung_gas as varchar), cast(k.lemari_es as varchar),
            cast(k.ac as varchar), cast(k.pemanas_air as varchar), cast(k.telepon as varchar),
            cast(k.televisi as varchar), cast(k.emas as varchar), cast(k.laptop as varchar), cast(k.motor as varchar),
            cast(k.sepeda as varchar), cast(k.mobil as varchar), cast(k.perahu as varchar), cast(k.kapal as varchar),
            cast(k.smartphone as varchar), cast(k.lahan as varchar), cast(k.rumah_lain as varchar),
            cast(k.sapi as varchar), cast(k.kerbau as varchar), cast(k.kuda as varchar), cast(k.babi as varchar),
            cast(k.kambing as varchar)
        ) is null then 'ringkas'
        else 'lengkap'
    end as bukti,
    k.status_rumah,
    k.lantai,
    k.dinding,
    k.atap,
    k.air_minum,
    k.penerangan,
    k.daya,
    k.bahan_bakar,
    k.bab,
    -- Regsosek asks for the bowl only where there is a toilet; DTKS has a code for none.
    case when k.bab = 'lainnya' then 'tidak_pakai' else k.kloset end as kloset,
    k.buang_tinja,
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
    k.sapi,
    k.kerbau,
    k.kuda,
    k.babi,
    k.kambing,
    nullif(k.luas_lantai, 0) / nullif(k.jumlah_anggota, 0) as luas_per_kapita,
    k.jumlah_anggota as jumlah_anggota,
    cast(k.jumlah_art_0_14 as double) / nullif(k.jumlah_anggota, 0) as porsi_anak,
    cast(k.jumlah_art_65 as double) / nullif(k.jumlah_anggota, 0) as porsi_lansia,
    k.umur_krt,
    k.jenis_kelamin_krt,
    cast(k.pendidikan_krt as varchar) as pendidikan_krt,
    k.bekerja_krt
from marts.keluarga as k
