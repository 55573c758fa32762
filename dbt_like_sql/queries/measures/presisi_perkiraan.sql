-- Grain: bucket of the merged pairs (weight from $ambang on); presisi_perkiraan is the sum of their match probabilities.
with simpul as (select distinct node_id, orang from linkage.orang)

select
    'semua' as kelompok,
    l.orang % $ember as ember,
    sum(1.0 / (1.0 + power(2.0, -p.match_weight))) as presisi_perkiraan,
    count(*) as penyebut
from linkage.pasangan as p
inner join simpul as l on p.node_l = l.node_id
inner join simpul as r on p.node_r = r.node_id
where l.orang = r.orang and p.match_weight >= $ambang
group by ember
