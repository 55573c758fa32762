select ukuran, nilai
from linkage.evaluasi
where ukuran = 'recall_perkiraan' and kelompok = 'semua'
