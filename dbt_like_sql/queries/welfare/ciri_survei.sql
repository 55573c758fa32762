-- Grain: surveyed household. Its features, and its weight (`bobot`, mean 1).
select *, penimbang / avg(penimbang) over () as bobot
from welfare.fitur_susenas
