-- Is the text the error that a cell of a spreadsheet showed: #REF!, #NAME?, #DIV/0!, those of other languages (#WERT!, #¡VALOR!,
-- #NV), a column too narrow for its number (####), LibreOffice's Err:508?
create macro galat_lembar(teks) as
    regexp_matches(
        teks,
        '^[ '']*(#[^ 0-9!?#]+[/A-Za-z0-9_.]*[!?]|#GETTING_DATA|#(N/?D|NV|N/?B|N[.]B[.])|##+|(?i:err|error|galat|fehler|erreur):[0-9]{3}) *$'
    )
