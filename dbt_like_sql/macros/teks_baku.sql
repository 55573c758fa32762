-- Upper case without accents; whatever is no letter and no digit is one blank; NULL when nothing is left.
create macro teks_baku(teks) as
    nullif(
        trim(
            regexp_replace(
                translate(upper(teks), 'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ', 'AAAAAACEEEEIIIINOOOOOUUUUY'), '[^A-Z0-9]+', ' ', 'g'
            )
        ),
        ''
    )
