-- Grain: record, with its person and its family.
select o.record_uid, o.orang, k.keluarga
from linkage.orang as o
inner join linkage.keluarga_orang as k on o.orang = k.orang
