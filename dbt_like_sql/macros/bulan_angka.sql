-- The month of a date 'YYYY-WORD-DD' as a number: Indonesian and English names, in full and as people shorten them, old spellings,
-- Roman numerals. A name with a slip in it is none: MRAET may be March, and MEI with a slip is June.
create macro bulan_angka(teks) as
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        teks,
        '-(JANUARI|JANUARY|DJANUARI|JAN|I)-', '-01-'),
        '-(FEBRUARI|FEBRUARY|PEBRUARI|FEB|PEB|II)-', '-02-'),
        '-(MARET|MARCH|MAR|MRT|III)-', '-03-'),
        '-(APRIL|APR|IV)-', '-04-'),
        '-(MEI|MAY|V)-', '-05-'),
        '-(JUNI|JUNE|DJUNI|JUN|VI)-', '-06-'),
        '-(JULI|JULY|DJULI|JUL|VII)-', '-07-'),
        '-(AGUSTUS|AUGUST|AUGUSTUS|AGUST|AGUS|AGT|AGS|AGU|AUG|VIII)-', '-08-'),
        '-(SEPTEMBER|SEPT|SEP|IX)-', '-09-'),
        '-(OKTOBER|OCTOBER|OKT|OCT|X)-', '-10-'),
        '-(NOVEMBER|NOPEMBER|NOV|NOP|XI)-', '-11-'),
        '-(DESEMBER|DECEMBER|DES|DEC|XII)-', '-12-')
