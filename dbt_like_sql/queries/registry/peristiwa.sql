-- Grain: event of an id of $entity ('person' or 'family') between the assignments sebelum and sesudah, each source, record_id,
-- person_id and family_id.
-- An id that is gone went to where most of its records went; a new id that took records from a living one split from it.
with lama as (
    select
        source,
        record_id,
        case $entity when 'person' then person_id else family_id end as id
    from sebelum
),

baru as (
    select
        source,
        record_id,
        case $entity when 'person' then person_id else family_id end as id
    from sesudah
),

hilang as (select id from lama except select id from baru),

muncul as (select id from baru except select id from lama),

pindah as (
    select
        lama.id as dari,
        baru.id as ke,
        count(*) as jumlah
    from lama
    inner join baru on lama.source = baru.source and lama.record_id = baru.record_id
    where lama.id <> baru.id
    group by lama.id, baru.id
),

lebur as (
    select
        dari,
        ke
    from pindah
    where dari in (select id from hilang)
    qualify row_number() over (partition by dari order by jumlah desc, ke) = 1
),

pecah as (
    select
        dari,
        ke
    from pindah
    where ke in (select id from muncul) and dari not in (select id from hilang)
    qualify row_number() over (partition by ke order by jumlah desc, dari) = 1
)

select
    'merged_into' as jenis,
    $entity as entity,
    dari as id,
    ke as id_lain
from lebur
union all
select
    'retired' as jenis,
    $entity as entity,
    id,
    null as id_lain
from hilang
where id not in (select dari from lebur)
union all
select
    'split_from' as jenis,
    $entity as entity,
    ke as id,
    dari as id_lain
from pecah
union all
select
    'created' as jenis,
    $entity as entity,
    id,
    null as id_lain
from muncul
where id not in (select ke from pecah)
