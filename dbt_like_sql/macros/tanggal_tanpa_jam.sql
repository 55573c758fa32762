-- A tidied date (tanggal_rapi) without its clock, its zone and the zone's name in brackets behind it.
create macro tanggal_tanpa_jam(rapi) as
    regexp_replace(
        rapi,
        '(([T ]+[0-9]{1,2}([:.][0-9]{2}){1,2}([.,][0-9]+)?( *[AP][.]?M[.]?)?|[T ]+[0-9]{1,2} *[AP][.]?M[.]?|T[0-9]{6})( *(Z|WIB|WITA|WIT|ICT)| *(UTC|GMT)([-+][0-9:]+)?| *[-+][0-9]{1,2}(:?[0-9]{2}){0,2})?|Z|[-+][0-9]{2}:[0-9]{2})( *[(][^()]*[)])?$',
        ''
    )
