-- One row a source: the month it was delivered, for facts without a date of their own, and the last day a fact can be dated.
select
    s.source,
    coalesce(max(try_cast(concat(d.bulan_kirim, '-01') as date)), max(r.bulan)) as tanggal_kirim,
    max(last_day(r.bulan)) as tanggal_batas
from seeds.prioritas_sumber as s
cross join raw.run as r
left join raw.deliveries as d on s.source = d.source
group by s.source
