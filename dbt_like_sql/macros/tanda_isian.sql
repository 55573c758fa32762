-- 'kosong', 'tanpa_jawaban' or 'galat_lembar_kerja' where a text is no value at all, else NULL.
create macro tanda_isian(teks) as
    case
        when teks is null or bersih(teks) = '' then 'kosong'
        when galat_lembar(teks) then 'galat_lembar_kerja'
        when tanpa_jawaban(teks) then 'tanpa_jawaban'
    end
