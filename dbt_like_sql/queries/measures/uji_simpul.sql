-- Grain: node of the sample as it is; copies are added to these.
select s.*
from linkage.simpul as s
semi join contoh as c on s.unique_id = c.unique_id
