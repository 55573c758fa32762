-- Grain: family with a score. Its features; each family weighs 1 (`bobot`).
select f.*, 1 as bobot
from welfare.fitur_keluarga as f
semi join welfare.skor as s on f.family_id = s.family_id
