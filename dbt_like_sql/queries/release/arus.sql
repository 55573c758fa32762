-- Grain: group (kelompok); how many ids lama has, baru has, and both have. lama and baru are kelompok and id.
select
    coalesce(lama.kelompok, baru.kelompok) as kelompok,
    count(lama.id) as sebelum,
    count(baru.id) as sesudah,
    count(*) filter (where lama.id is not null and baru.id is not null) as tetap
from lama
full join baru on lama.kelompok = baru.kelompok and lama.id = baru.id
group by all
order by kelompok
