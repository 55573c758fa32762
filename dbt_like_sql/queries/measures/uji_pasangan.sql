-- Grain: pair that ought to be found: which experiment asks (jenis), its group, and its two nodes. At first a node and its own
-- copy.
select
    'diri' as jenis,
    'semua' as kelompok,
    unique_id as l,
    unique_id + $salinan as r,
    hash(wakil) % $ember as ember
from contoh
