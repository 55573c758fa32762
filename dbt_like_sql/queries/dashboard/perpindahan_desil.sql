-- Grain: tenth of the last release and tenth now. The share of the former's families that are in the latter; under ten families no row.
select desil_lalu, desil, porsi
from welfare.churn
where desil_lalu is not null and desil is not null and keluarga >= 10
