-- By how many months the delivery that the month takes of a source is older than its contract allows (berlaku_bulan); 0 where it is
-- not. What has no month of its own (reference data), or no such bound, is not asked.
select
    d.source as ukuran,
    cast(
        max(greatest(date_diff('month', cast(concat(d.bulan_kirim, '-01') as date), r.bulan) - d.berlaku_bulan, 0)) as double
    ) as nilai
from raw.deliveries as d
cross join raw.run as r
where d.bulan_kirim is not null and d.berlaku_bulan is not null
group by d.source
