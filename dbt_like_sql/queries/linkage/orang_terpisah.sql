-- Grain: pair of nodes of one component that cannot be one person, and why (alasan): a reviewer said so, or the data do. Reads
-- the view komponen (node_id, komponen). One roster of one source lists each member once, so two rows of it are two people,
-- unless something says that a member was entered twice: one birth date under one name, or one NIK under a like first word, or
-- under a word in another place. Twins share the date, and a clerk may copy the NIK, so nothing may speak against it: two NIKs
-- that each fit their own row, two sexes, a second roster that lists both under two names as well. A letter of difference is no
-- slip of the pen by itself: one birth in eighty brings twins, most with names that differ in little more, and a member entered
-- twice is rarer, misspelt the second time rarer still. Birth dates that a NIK of its own confirms on either side exclude each
-- other where they differ; others only where they are three years apart, on another day, and the name differs too. Outside one
-- roster a sex alone is too often miscoded to exclude.
with anggota as (
    select distinct k.komponen, s.node_id, s.roster
    from komponen as k
    inner join linkage.simpul_rekaman as s on k.node_id = s.node_id
),
serumah as (
    select l.komponen, l.roster, l.node_id as l, r.node_id as r
    from anggota as l
    inner join anggota as r on l.komponen = r.komponen and l.roster = r.roster and l.node_id < r.node_id
),
banding as (
    select
        p.komponen,
        p.roster,
        p.l,
        p.r,
        a.tgl_lahir,
        a.nama_rapat = b.nama_rapat or a.nama_urut = b.nama_urut as nama_sama,
        coalesce(a.jk <> b.jk, false) as jk_beda,
        coalesce(a.nik <> b.nik and a.cocok = 1 and b.cocok = 1, false) as nik_beda,
        a.tgl_lahir = b.tgl_lahir as sehari,
        a.nik = b.nik
        and (
            jaro_winkler_similarity(a.nama_depan, b.nama_depan) >= 0.85
            or (
                a.tgl_lahir = b.tgl_lahir
                and greatest(
                    coalesce(jaro_winkler_similarity(a.nama_depan, b.nama_akhir), 0.0),
                    coalesce(jaro_winkler_similarity(a.nama_akhir, b.nama_depan), 0.0)
                ) >= 0.85
            )
        ) as nik_sama
    from serumah as p
    inner join linkage.simpul as a on p.l = a.unique_id
    inner join linkage.simpul as b on p.r = b.unique_id
),
berdua as (
    select komponen, tgl_lahir
    from banding
    where sehari and not nama_sama
    group by komponen, tgl_lahir
    having count(distinct roster) > 1
),
sekomponen as (
    select l.node_id as l, r.node_id as r
    from komponen as l
    inner join komponen as r on l.komponen = r.komponen and l.node_id < r.node_id
)
select l.node_id as l, r.node_id as r, 'keputusan' as alasan
from linkage.keputusan as k
inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
where k.putusan = 'beda'
union all
select distinct p.l, p.r, 'roster'
from banding as p
left join berdua as d on p.komponen = d.komponen and p.sehari and p.tgl_lahir = d.tgl_lahir
where not coalesce(
    not p.nik_beda
    and case
        when p.nama_sama then p.nik_sama or (p.sehari and not p.jk_beda)
        else p.nik_sama and not p.jk_beda and d.komponen is null
    end,
    false
)
union all
select p.l, p.r, 'tanggal_lahir'
from sekomponen as p
inner join linkage.simpul as a on p.l = a.unique_id
inner join linkage.simpul as b on p.r = b.unique_id
where a.nik is distinct from b.nik
    and a.presisi = 'hari' and b.presisi = 'hari' and a.tgl_lahir <> b.tgl_lahir
    and (
        (a.cocok = 1 and b.cocok = 1)
        or (
            abs(a.tahun - b.tahun) > 2
            and not (a.bulan = b.bulan and a.hari = b.hari)
            and jaro_winkler_similarity(a.nama_rapat, b.nama_rapat) < 0.92
        )
    )
order by 1, 2
