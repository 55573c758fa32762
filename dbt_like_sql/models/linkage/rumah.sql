-- Grain: family record, by its number, with what joins families and what keeps them apart.
with nomor as (
    select rumah, min(family_uid) as family_uid
    from linkage.simpul_rekaman
    group by rumah
)
select
    n.rumah,
    n.family_uid,
    split_part(n.family_uid, ':', 1) as source,
    f.kk,
    f.kode_desa as desa,
    f.alamat_baku as alamat,
    f.sls,
    f.tanggal_amatan as tanggal
from nomor as n
inner join intermediate.int_family_record as f on n.family_uid = f.family_uid
