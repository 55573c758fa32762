-- Grain: one row. Candidate pairs within `$jarak` bits below and above the threshold.
select
    count(*) filter (where match_weight < $ambang) as di_bawah,
    count(*) filter (where match_weight >= $ambang) as di_atas
from linkage.pasangan
where match_weight >= $ambang - $jarak and match_weight < $ambang + $jarak
