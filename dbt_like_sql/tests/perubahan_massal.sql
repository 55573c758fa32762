-- Share of families ranked in the last release and in this month that moved by two national tenths or more; the same by cause, if
-- ten moved for it; and the share of families ranked then that are not ranked now without having merged. Before the first release
-- nothing to compare with.
with sebab as (
    select *
    from (values
        ('data_baru', 'data baru / new data'),
        ('model_baru', 'model baru / new model'),
        ('peringkat', 'batas desil bergeser / moved bounds'),
        ('gabung', 'keluarga bergabung / merged families'),
        ('pisah', 'keluarga berpisah / split families')
    ) as t(sebab, teks)
),

keluarga as (
    select
        sebab,
        case when selisih is not null then 1.0 else 0.0 end as dua_kali,
        case when abs(selisih) >= 2 then 1.0 else 0.0 end as jauh,
        case when desil_lalu is not null then 1.0 else 0.0 end as berperingkat,
        case when desil_lalu is not null and desil is null and sebab <> 'gabung' then 1.0 else 0.0 end as hilang
    from welfare.perubahan
),

seluruh as (
    select
        sum(dua_kali) as dua_kali,
        sum(jauh) as jauh,
        sum(berperingkat) as berperingkat,
        sum(hilang) as hilang,
        count(*) as baris
    from keluarga
),

menurut_sebab as (
    select s.teks, sum(k.jauh) as jauh, row_number() over (order by sum(k.jauh) desc, s.teks) as n
    from keluarga as k
    inner join sebab as s on k.sebab = s.sebab
    group by s.teks
    having sum(k.jauh) >= 10
)

select
    case
        when m.teks is null then 'nasional / nationally'
        else concat('nasional; terutama karena / nationally; mostly for ', m.teks)
    end as ukuran,
    -- No family in both: whatever made that so, it is a mass change.
    coalesce(a.jauh / nullif(a.dua_kali, 0), 1.0) as nilai
from seluruh as a
left join menurut_sebab as m on m.n = 1
where a.baris > 0
union all
select concat('karena / for ', m.teks) as ukuran, m.jauh / nullif(a.dua_kali, 0) as nilai
from menurut_sebab as m
cross join seluruh as a
union all
select 'tidak lagi berperingkat / no longer ranked' as ukuran, coalesce(a.hilang / nullif(a.berperingkat, 0), 1.0) as nilai
from seluruh as a
where a.baris > 0
union all
select 'belum ada rilis untuk dibandingkan / no release to compare with' as ukuran, 0.0 as nilai
from seluruh as a
where a.baris = 0
