-- Minutes of an instant since the midnight in Jakarta (+07:00) that begins the day before the written one; an offset's seconds do not count.
create macro tanggal_menit(rapi) as
    1860
    + cast(regexp_extract(rapi, '[T ]([0-9]{1,2}):?[0-9]{2}', 1) as integer) % case when regexp_matches(rapi, '[0-9] *[AP][.]?M') then 12 else 24 end * 60
    + case when regexp_matches(rapi, '[0-9] *P[.]?M') then 720 else 0 end
    + cast(regexp_extract(rapi, '[T ][0-9]{1,2}:?([0-9]{2})', 1) as integer)
    - coalesce(
        try_cast(
            concat(
                regexp_extract(rapi, '([-+])([0-9]{1,2})(:?([0-9]{2})){0,2}( *[(][^()]*[)])?$', 1),
                regexp_extract(rapi, '[-+]([0-9]{1,2})(:?[0-9]{2}){0,2}( *[(][^()]*[)])?$', 1)
            ) as integer
        ),
        0
    ) * 60
    - coalesce(
        try_cast(
            concat(
                regexp_extract(rapi, '([-+])[0-9]{1,2}:?[0-9]{2}(:?[0-9]{2})?( *[(][^()]*[)])?$', 1),
                regexp_extract(rapi, '[-+][0-9]{1,2}:?([0-9]{2})(:?[0-9]{2})?( *[(][^()]*[)])?$', 1)
            ) as integer
        ),
        0
    )
