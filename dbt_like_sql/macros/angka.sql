-- DOUBLE, or NULL when it is no number. A comma is a decimal comma. Grouped thousands (1.852.000) are refused on purpose: a file
-- that writes them also writes 850.000, which nobody can tell from 850, so it must be seen and not read. The sum takes the sign from -0.
create macro angka(teks) as
    try_cast(
        replace(
            regexp_extract(
                bersih(teks),
                '^[+-]?([0-9]{1,30}([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?$',
                0
            ),
            ',',
            '.'
        )
        as double
    ) + 0.0
