-- Grain: the month; its scored pairs by band of match weight, and the mean weight of those from $ambang on.
select
    count(*) filter (where match_weight < $ambang) as di_bawah,
    count(*) filter (where match_weight >= $ambang and match_weight < $ambang + 8) as dekat,
    count(*) filter (where match_weight >= $ambang + 8 and match_weight < $ambang + 18) as sedang,
    count(*) filter (where match_weight >= $ambang + 18) as jauh,
    avg(match_weight) filter (where match_weight >= $ambang) as rata_bobot_gabung
from linkage.pasangan
