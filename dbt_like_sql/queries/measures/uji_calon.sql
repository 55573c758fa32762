-- Grain: pair to score: those that blocking brings together, and every node with its own copy.
select
    l as join_key_l,
    r as join_key_r,
    'uji' as match_key
from uji_terblok
union all
select
    l as join_key_l,
    r as join_key_r,
    'uji' as match_key
from uji_pasangan
where jenis = 'diri'
