-- Grain: node whose pairs are to be weighed (diminta), as scored.
select s.*
from linkage.simpul as s
inner join diminta as d on s.unique_id = d.node_id
