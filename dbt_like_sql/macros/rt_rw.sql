-- 'RT 008 RW 006' out of any way of writing it (RT.8/RW 06, RT/RW 08/06, RT 08 / 06), or NULL when there is no RT.
create macro rt_rw(teks) as
    case
        when regexp_matches(upper(teks), 'RT[ ./]*RW[^0-9A-Z]*[0-9]{1,3}[^0-9A-Z]+[0-9]{1,3}')
            then concat(
                'RT ',
                lpad(regexp_extract(upper(teks), 'RT[ ./]*RW[^0-9A-Z]*([0-9]{1,3})[^0-9A-Z]+([0-9]{1,3})', 1), 3, '0'),
                ' RW ',
                lpad(regexp_extract(upper(teks), 'RT[ ./]*RW[^0-9A-Z]*([0-9]{1,3})[^0-9A-Z]+([0-9]{1,3})', 2), 3, '0')
            )
        when regexp_matches(upper(teks), '(^|[^A-Z])RT[^0-9A-Z]*[0-9]{1,3}[^0-9A-Z]*(RW)?[^0-9A-Z]*[0-9]{1,3}')
            then concat(
                'RT ',
                lpad(regexp_extract(upper(teks), '(^|[^A-Z])RT[^0-9A-Z]*([0-9]{1,3})', 2), 3, '0'),
                ' RW ',
                lpad(
                    regexp_extract(
                        upper(teks), '(^|[^A-Z])RT[^0-9A-Z]*([0-9]{1,3})[^0-9A-Z]+(RW)?[^0-9A-Z]*([0-9]{1,3})', 4
                    ),
                    3,
                    '0'
                )
            )
        when regexp_matches(upper(teks), '(^|[^A-Z])RT[^0-9A-Z]*[0-9]{1,3}')
            then concat('RT ', lpad(regexp_extract(upper(teks), '(^|[^A-Z])RT[^0-9A-Z]*([0-9]{1,3})', 2), 3, '0'))
    end
