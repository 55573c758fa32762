-- Does the text only say that there is no answer? Signs alone (-, --, ?), the empty date of MySQL, and the words that people and
-- programs write for it, whatever signs stand around them (#N/A, <NULL>, TDK-TAHU). NIL, NAT and X may be names. A label of a
-- contract may be one of these words ('Tidak Ada'): ask for the label first.
create macro tanpa_jawaban(teks) as
    regexp_matches(
        teks,
        '^(?i:[-–—−_.,:;?!*~/\\|()…''"` ]+|[ '']*\\N *|[ '']*0{1,4}[-/.]0{1,2}[-/.]0{1,4}([T ][0:.]*Z?)? *|'
        '[ -/:-@[-`{-~–—]*('
        'NULL|NONE|N[ ._/-]*A|NAN|NIHIL|KOSONG|LUPA|BLANK|UNKNOWN|UNDEFINED|MISSING|TBD|XX+|'
        '(NO|TANPA)[ ._/-]*DATA|DATA[ ._/-]*KOSONG|'
        '(TIDAK|TDK|TAK|TIDA|GAK|BELUM|BLM)[ ._/-]*'
        '(TAHU|TAU|DI[ ._/-]*KETAHUI|ADA|ADA[ ._/-]*DATA|TERDATA|JELAS|DI[ ._/-]*ISI|TERISI|MENJAWAB|INGAT|TERSEDIA)'
        ')[ -/:-@[-`{-~–—]*)$'
    )
