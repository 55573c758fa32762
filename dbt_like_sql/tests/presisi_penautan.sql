select ukuran, nilai
from linkage.evaluasi
where ukuran = 'presisi_perkiraan' and kelompok = 'semua'
