-- Grain: record; the person and the family it belongs to.
select
    source,
    record_id,
    person_id,
    family_id
from linkage.crosswalk
order by source, record_id
