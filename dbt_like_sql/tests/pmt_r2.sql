select ukuran, nilai
from welfare.kartu
where ukuran = 'r2_luar_sampel'
