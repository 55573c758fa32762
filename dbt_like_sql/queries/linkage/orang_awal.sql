-- Grain: node in a family record and the person that the first clustering makes it. Reads the view label (node_id, orang).
select distinct s.rumah, s.node_id, l.orang
from linkage.simpul_rekaman as s
inner join label as l on s.node_id = l.node_id
