-- Grain: policy row that cannot be read.
select program
from kebijakan_terbaca
where
    program is null or program = ''
    or desil_maks is null or desil_maks not between 1 and 10
    or berlaku_dari is null
    or (sampai_asal is not null and berlaku_sampai is null)
    or berlaku_sampai < berlaku_dari
    or (kuota_asal is not null and (kuota is null or kuota < 0))
order by program
