-- Grain: record of the sample (one NIK in $satu_dari) as a node of its own, numbered from $tersembunyi on. A NIK is in the sample,
-- or not, with all its records.
select
    *,
    row_number() over (order by record_uid) + $tersembunyi as unique_id
from linkage.rekaman
where nik is not null and hash(nik, 'ditahan') % $satu_dari = 0
