-- Grain: band of match weights, `$lebar` bits wide. Its candidate pairs; band 0 starts at the threshold, so that no band lies on both
-- sides of it.
select cast(floor((match_weight - $ambang) / $lebar) as integer) as pita, count(*) as pasangan
from linkage.pasangan
group by 1
