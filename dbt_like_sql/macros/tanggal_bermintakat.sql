-- TRUE where a tidied date (tanggal_rapi) has a clock and a zone: an instant, whose day depends on where one stands.
create macro tanggal_bermintakat(rapi) as
    regexp_matches(
        rapi,
        '[T ][0-9]{1,2}:?[0-9]{2}(:?[0-9]{2})?([.,][0-9]+)?( *[AP][.]?M[.]?)? *(Z|UTC|GMT|(UTC|GMT)?[-+][0-9]{1,2}(:?[0-9]{2}){0,2})( *[(][^()]*[)])?$'
    )
