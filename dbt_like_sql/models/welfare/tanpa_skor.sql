-- Grain: family that is listed and not ranked. Its place among the poor is not guessed: it goes to the village for a ground check.
-- A family of which nobody is left takes no place in a tenth from the living.
select
    f.family_id,
    f.kode_kabupaten,
    case f.bukti when 'pergi' then 'tanpa_anggota_hadir' else 'tanpa_data_rumah' end as alasan,
    case f.bukti
        when 'pergi' then 'Semua anggota tercatat meninggal, pindah, atau tidak ditemukan; perlu pengecekan lapangan'
        else 'Tidak ada sumber yang memuat keadaan rumah keluarga ini; perlu pengecekan lapangan'
    end as keterangan,
    case f.bukti
        when 'pergi' then 'All members are recorded as dead, moved away or not found; it needs a ground check'
        else 'No source describes the dwelling of this family; it needs a ground check'
    end as explanation
from welfare.fitur_keluarga as f
where f.bukti in ('tanpa', 'pergi')
