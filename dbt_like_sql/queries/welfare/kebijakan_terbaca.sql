-- Grain: row of the policy table. Its cells read as numbers and dates, NULL where they cannot be; the text of two cells stays beside,
-- so that an empty cell and an unreadable one are told apart.
select
    trim(program) as program,
    try_cast(desil_maks as integer) as desil_maks,
    try_cast(nullif(trim(kuota), '') as bigint) as kuota,
    try_cast(berlaku_dari as date) as berlaku_dari,
    try_cast(nullif(trim(berlaku_sampai), '') as date) as berlaku_sampai,
    dasar_hukum,
    catatan,
    nullif(trim(kuota), '') as kuota_asal,
    nullif(trim(berlaku_sampai), '') as sampai_asal
from seeds.kebijakan_program
