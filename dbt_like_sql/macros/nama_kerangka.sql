-- Sound key of one word for blocking: letters that clerks write for one another are folded, the first letter stays (any vowel is A),
-- then at most three consonants (z is j in front, s inside: Zaenab is Jaenab, Rizky is Risky). Vowels, h, w and y go, so a slip in
-- one of them, or two letters changing places around one, leaves the key alone.
create macro nama_kerangka(kata) as
    left(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            concat(
                                regexp_replace(
                                    left(
                                        translate(
                                            replace(replace(replace(replace(replace(replace(
                                                kata, 'KH', 'K'), 'SY', 'S'), 'DJ', 'J'), 'DZ', 'J'), 'PH', 'P'), 'CH', 'C'),
                                            'FVQZX', 'PPKJK'
                                        ),
                                        1
                                    ),
                                    '[AIUEOH]', 'A'
                                ),
                                regexp_replace(
                                    substr(
                                        translate(
                                            replace(replace(replace(replace(replace(replace(
                                                kata, 'KH', 'K'), 'SY', 'S'), 'DJ', 'J'), 'DZ', 'J'), 'PH', 'P'), 'CH', 'C'),
                                            'FVQZX', 'PPKSK'
                                        ),
                                        2
                                    ),
                                    '[AIUEOYHW]', '', 'g'
                                )
                            ),
                            'MM+', 'M', 'g'
                        ),
                        'NN+', 'N', 'g'
                    ),
                    'LL+', 'L', 'g'
                ),
                'SS+', 'S', 'g'
            ),
            'TT+', 'T', 'g'
        ),
        4
    )
