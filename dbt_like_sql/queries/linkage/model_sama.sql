-- One row: whether the model and its frequencies are those that last month's pairs were scored with.
select
    (
        select count(*)
        from (
            select isi, versi
            from linkage.model
            intersect
            select isi, versi
            from lalu.linkage.model
        ) as sama
    ) = 1
    and not exists (select * from linkage.frekuensi except select * from lalu.linkage.frekuensi)
    and not exists (select * from lalu.linkage.frekuensi except select * from linkage.frekuensi) as sama
