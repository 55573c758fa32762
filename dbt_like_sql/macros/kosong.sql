-- NULL where the sender wrote a placeholder for "no value", else the cleaned text. 0000-00-00 is the empty date of MySQL.
-- The first branch only saves time: no placeholder is longer than ten characters, and most long texts need no cleaning.
create macro kosong(teks) as
    case
        when length(teks) > 10 and regexp_matches(teks, '^[0-9A-Za-z].*[0-9A-Za-z]$') then teks
        -- one expression and not an IN list, which DuckDB turns into a hash join for every column
        when regexp_matches(
            upper(bersih(teks)), '^(-|NULL|NA|N/A|#N/A|NAN|0000-00-00|00-00-0000|00/00/0000)?$'
        ) then null
        else bersih(teks)
    end
