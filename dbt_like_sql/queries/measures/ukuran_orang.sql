-- Grain: the month; records a person, and the share of records whose person has more than one.
select
    count(*) / count(distinct orang) as rekaman_per_orang,
    avg(case when jumlah > 1 then 1.0 else 0.0 end) as porsi_rekaman_tergabung
from (select orang, count(*) over (partition by orang) as jumlah from linkage.orang)
