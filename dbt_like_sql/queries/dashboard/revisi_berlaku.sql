-- Grain: published month. The revision that stands.
select bulan, revisi
from rilis
where status = 'terbit'
