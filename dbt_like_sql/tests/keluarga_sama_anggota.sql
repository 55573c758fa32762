-- Every member has its family, and every family as many members as it says.
with isi as (
    select family_id, count(*) as jumlah
    from marts.anggota
    group by family_id
)

select
    'keluarga yang jumlah anggotanya tidak cocok' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga as keluarga
left join isi on keluarga.family_id = isi.family_id
where keluarga.jumlah_anggota is null or keluarga.jumlah_anggota <> coalesce(isi.jumlah, 0)
union all
select
    'keluarga anggota yang tidak ada' as ukuran,
    cast(count(*) as double) as nilai
from isi
left join marts.keluarga as keluarga on isi.family_id = keluarga.family_id
where keluarga.family_id is null
