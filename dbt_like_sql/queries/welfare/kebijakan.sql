-- Grain: policy that is valid on `$tanggal`, 'YYYY-MM-DD'.
select program, desil_maks, kuota, berlaku_dari, berlaku_sampai, dasar_hukum, catatan
from kebijakan_terbaca
where berlaku_dari <= cast($tanggal as date) and (berlaku_sampai is null or berlaku_sampai >= cast($tanggal as date))
