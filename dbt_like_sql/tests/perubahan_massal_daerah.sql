-- Share of families that moved by two national tenths or more, in the twenty regencies where it is largest, with the main cause there
-- if ten families moved for it. Of fewer than a hundred families a share says too little. Before the first release there is nothing
-- to compare with.
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

menurut_sebab as (
    select
        kode_kabupaten,
        min(nama_kabupaten) as nama,
        sebab,
        count(*) as keluarga,
        sum(case when abs(selisih) >= 2 then 1.0 else 0.0 end) as jauh
    from welfare.perubahan
    where selisih is not null and kode_kabupaten is not null
    group by kode_kabupaten, sebab
),

daerah as (
    select
        kode_kabupaten,
        nama,
        sebab,
        sum(keluarga) over (partition by kode_kabupaten) as keluarga,
        sum(jauh) over (partition by kode_kabupaten) as jauh,
        row_number() over (partition by kode_kabupaten order by jauh desc, sebab) as n
    from menurut_sebab
),

terbesar as (
    select
        concat(
            d.kode_kabupaten, ' ', d.nama,
            case when s.teks is null then '' else concat('; terutama karena / mostly for ', s.teks) end
        ) as ukuran,
        d.jauh / d.keluarga as nilai
    from daerah as d
    left join sebab as s on d.sebab = s.sebab and d.jauh >= 10
    where d.n = 1 and d.keluarga >= 100
    order by nilai desc, ukuran
    limit 20
)

select ukuran, nilai
from terbesar
union all
select 'tidak ada kabupaten/kota untuk dibandingkan / no regency to compare' as ukuran, 0.0 as nilai
where not exists (select 1 from terbesar)
