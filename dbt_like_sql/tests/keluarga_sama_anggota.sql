-- Every member has its family, and every family as many members, and as many of them alive and present, as it says.
with isi as (
    select
        family_id,
        count(*) as tercatat,
        count(case when coalesce(status_keberadaan, 'ada') = 'ada' then 1 end) as hadir
    from marts.anggota
    group by family_id
)

select
    'keluarga yang jumlah anggotanya tidak cocok' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga as keluarga
left join isi on keluarga.family_id = isi.family_id
where keluarga.jumlah_anggota is distinct from coalesce(isi.hadir, 0)
    or keluarga.jumlah_tercatat is distinct from coalesce(isi.tercatat, 0)
union all
select
    'keluarga anggota yang tidak ada' as ukuran,
    cast(count(*) as double) as nilai
from isi
left join marts.keluarga as keluarga on isi.family_id = keluarga.family_id
where keluarga.family_id is null
