-- Grain: candidate pair of nodes of the month, in its layer of weight (lapis) and its kind (jenis).
-- Weights: $ambang of a pair, $ambang_keluarga of one inside a family; $bawah_dekat, $atas_sedang and $atas_jauh part the layers.
-- A pair refused because of a decision lies where the model saw it.
with semua as (
    select
        node_l,
        node_r,
        max(match_weight) as bobot,
        bool_or(dalam) as dalam
    from (
        select node_l, node_r, match_weight, false as dalam from linkage.pasangan
        union all
        select node_l, node_r, match_weight, match_weight >= $ambang_keluarga as dalam from linkage.pasangan_dalam_keluarga
    )
    group by node_l, node_r
)

select
    p.node_l,
    p.node_r,
    p.bobot,
    case
        when t.node_l is not null then 'tolakan'
        when p.bobot >= $atas_jauh then 'atas_jauh'
        when p.bobot >= $atas_sedang then 'atas_sedang'
        when p.bobot >= $ambang then 'atas_dekat'
        when p.dalam then 'dalam_keluarga'
        when p.bobot >= $bawah_dekat then 'bawah_dekat'
        else 'bawah_jauh'
    end as lapis,
    case
        when
            a.tgl_lahir = b.tgl_lahir
            and (a.kk = b.kk or a.kk2 = b.kk or a.kk = b.kk2)
            and a.nik is distinct from b.nik
            and a.nama_rapat <> b.nama_rapat
            and jaro_winkler_similarity(a.nama_rapat, b.nama_rapat) >= 0.7
            then 'kembar'
        when a.nik is null or b.nik is null then 'tanpa_nik'
        when a.nama_akhir is null or b.nama_akhir is null then 'nama_tunggal'
        else 'biasa'
    end as jenis
from semua as p
inner join linkage.simpul as a on p.node_l = a.unique_id
inner join linkage.simpul as b on p.node_r = b.unique_id
left join (select distinct node_l, node_r from linkage.tolakan where alasan <> 'keputusan') as t
    on p.node_l = t.node_l and p.node_r = t.node_r
