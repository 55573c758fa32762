-- Street address with the words that everybody shortens in another way spelled one way.
create macro alamat_baku(teks) as
    trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(teks_baku(teks), '^(JALAN|JLN|JL) ', 'JL '),
                        '(^| )(GANG|GG) ', ' GG ', 'g'
                    ),
                    '(^| )(DUSUN|DSN) ', ' DUSUN ', 'g'
                ),
                '(^| )(KAMPUNG|KAMP|KP) ', ' KAMPUNG ', 'g'
            ),
            ' (NOMOR|NOMER|NMR|NO) ', ' NO '
        )
    )
