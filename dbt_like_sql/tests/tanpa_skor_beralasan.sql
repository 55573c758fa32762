-- A family either has a score or a reason why not: one of the two, never both.
select
    'keluarga tanpa skor dan tanpa alasan, atau dengan keduanya' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga as keluarga
left join (select family_id from welfare.skor where skor is not null) as skor on keluarga.family_id = skor.family_id
left join (select distinct family_id from welfare.tanpa_skor where alasan is not null) as alasan
    on keluarga.family_id = alasan.family_id
where (skor.family_id is null and alasan.family_id is null) or (skor.family_id is not null and alasan.family_id is not null)
