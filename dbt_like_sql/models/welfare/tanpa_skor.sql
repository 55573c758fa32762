-- Grain: family that is listed and not ranked. Its place among the poor is not guessed: it goes to the village for a ground check.
select
    f.family_id,
    f.kode_kabupaten,
    'tanpa_data_rumah' as alasan,
    'Tidak ada sumber yang memuat keadaan rumah keluarga ini; perlu pengecekan lapangan' as keterangan,
    'No source describes the dwelling of this family; it needs a ground check' as explanation
from welfare.fitur_keluarga as f
where f.bukti = 'tanpa'
