-- Grain: programme of which two policy rows hold on the same day.
select distinct a.program
from kebijakan_terbaca as a
inner join kebijakan_terbaca as b
    on a.program = b.program
    and a.berlaku_dari <= coalesce(b.berlaku_sampai, date '9999-12-31')
    and b.berlaku_dari <= coalesce(a.berlaku_sampai, date '9999-12-31')
    and a.berlaku_dari <> b.berlaku_dari
union all
select program
from kebijakan_terbaca
group by program, berlaku_dari
having count(*) > 1
order by program
