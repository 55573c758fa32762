-- 'YYYY-MM-DD' of a tidied date (tanggal_rapi) however it is written, unchecked: the month may be 31 and the day 00. 'nol' where it is the
-- zero of a program, which says that nothing was entered; any other text is no date. Each step takes the text of the step before, so
-- that no part is written twice. Eight digits never fit both ways: a year 18.. to 21.. in the second half is no month in the first.
create macro tanggal_urut(rapi) as
    regexp_replace(
        bulan_angka(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            regexp_replace(
                                regexp_replace(
                                    regexp_replace(
                                        regexp_replace(
                                            tanggal_tanpa_jam(rapi),
                                            '^([0-9]{4})[-/.,_ \\]+([0-9]{1,2}|[A-Z]+)[-/.,_ \\]+([0-9]{1,2})$',
                                            '\1-\2-\3'
                                        ),
                                        '^([0-9]{1,2})[-/.,_ \\]+([0-9]{1,2})[-/.,_ \\]+([0-9]{4})$',
                                        '\3-\2-\1'
                                    ),
                                    '^([0-9]{1,2})(ST|ND|RD|TH)?[-/.,_ \\]*([A-Z]+)[-/.,_ \\]*([0-9]{4})$',
                                    '\4-\3-\1'
                                ),
                                '^([A-Z]+)[-/.,_ \\]*([0-9]{1,2})(ST|ND|RD|TH)?[-/.,_ \\]+([0-9]{4})$',
                                '\4-\1-\2'
                            ),
                            '^([A-Z]+)[-/.,_ \\]*([0-9]{4})$',
                            '\2-\1-00'
                        ),
                        '^((?:18|19|20|21)[0-9]{2})(0[0-9]|1[0-2])([0-9]{2})(?:[0-9]{6})?(?:[.,]0*)?$',
                        '\1-\2-\3'
                    ),
                    '^([0-3][0-9])(0[0-9]|1[0-2])((?:18|19|20|21)[0-9]{2})(?:[.,]0*)?$',
                    '\3-\2-\1'
                ),
                '^(?:0[1-9]|1[0-2])[0-3][0-9]((?:18|19|20|21)[0-9]{2})(?:[.,]0*)?$',
                '\1-00-00'
            )
        ),
        '^((0000|0001|1111|9999)(-.*)?|1899-12-(29|30|31)|1899-(30|31)-12|1900-0?[01]-0?[012]|(1903-12-31|1904-0?1-0?1)|1752-12-31|1753-0?1-0?1|1600-12-31|1601-0?1-0?1|(0|1899|1900)([.,]0*)?|[012]([.,][0-9]*)?|0+|00010101|99991231|(0{1,2}[-/. ]0?[01]|0?1[-/. ]0{1,2})[-/. ]0{2})$',
        'nol'
    )
