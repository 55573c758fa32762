-- Grain: family record and its family, from the view label (rumah, keluarga).
select r.rumah, l.keluarga
from linkage.rumah as r
inner join label as l on r.rumah = l.rumah
