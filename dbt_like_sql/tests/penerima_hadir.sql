-- No list of a programme, and no tenth, holds a family of which nobody is alive and present: asked of the members themselves.
with hadir as (
    select distinct family_id
    from marts.anggota
    where coalesce(status_keberadaan, 'ada') = 'ada'
)

select
    'keluarga pada daftar program tanpa anggota hadir / listed families without a member present' as ukuran,
    cast(count(*) as double) as nilai
from welfare.kelayakan as daftar
left join hadir on daftar.family_id = hadir.family_id
where hadir.family_id is null
union all
select
    'keluarga berdesil tanpa anggota hadir / ranked families without a member present' as ukuran,
    cast(count(*) as double) as nilai
from welfare.desil as desil
left join hadir on desil.family_id = hadir.family_id
where hadir.family_id is null
