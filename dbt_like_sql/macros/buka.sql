-- The text that a spreadsheet or a word processor has wrapped: ="13", =13, "13", '13', full-width digits, blanks that are none, and
-- characters without a width, which cut a word in two. Everything else, also a formula that computes something, stays as it is.
create macro buka(teks) as
    case
        when regexp_matches(teks, '[^ -~]|^[ '']*["=]|^ *''.*'' *$')
            then regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            translate(teks, '０１２３４５６７８９．，－／＝', '0123456789.,-/='),
                            '[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]', '', 'g'
                        ),
                        '[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]', ' ', 'g'
                    ),
                    '^[ '']*=? *"{1,3}([^"]*)"{1,3} *$', '\1'
                ),
                '^[ '']*= *([+-]?[0-9][0-9.,/: -]*)$|^ *''([^'']*)'' *$', '\1\2'
            )
        else teks
    end
