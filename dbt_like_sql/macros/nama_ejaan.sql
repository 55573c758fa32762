-- Old spelling of a word of a name: oe, tj and dj. A j is never read as y: Joko is not Yoko, and the old words that need it are listed.
create macro nama_ejaan(kata) as
    replace(replace(replace(kata, 'OE', 'U'), 'TJ', 'C'), 'DJ', 'J')
