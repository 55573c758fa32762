-- Grain: value of a name, date or place that is more common than the floor of its grade; how common it is (tf). What the next month's
-- linkage starts from.
select
    kolom,
    nilai,
    tf
from linkage.frekuensi
order by kolom, nilai
