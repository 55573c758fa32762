-- BIGINT that orders the rows of a person or family by rank and carries the day (since 0001-01-01, so that no day is negative) and the
-- source's priority with it, so that one minimum a column tells the value's source and date: lists of them per row cost more than all
-- the rest of the choosing.
create macro kunci_urut(urut, tanggal, prioritas) as
    (urut * 10000000 + date_diff('day', date '0001-01-01', tanggal)) * 10 + prioritas
