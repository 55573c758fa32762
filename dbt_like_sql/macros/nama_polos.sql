-- Upper case without accents and without apostrophes, which are part of a word (MA'RUF is MARUF).
create macro nama_polos(teks) as
    translate(upper(teks), 'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ''`’', 'AAAAAACEEEEIIIINOOOOOUUUUY')
