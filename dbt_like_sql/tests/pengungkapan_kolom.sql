-- Columns about to be published openly or restrictedly whose tier does not allow it, and columns of the marts that nobody declared.
-- An empty list is no list.
select
    'kolom tanpa izin / columns without leave' as ukuran,
    case when count(*) = 0 then 1 else count(case when boleh is not true then 1 end) end as nilai
from publikasi.kolom
