-- One row a distinct value of a column, as delivered (asli) and with undone what a spreadsheet did to it (nilai): the mark (tanda)
-- where it is no value at all. Reads beda. All columns at once: to prepare these patterns for each takes longer than to match them.
select *, tanda_isian(nilai) as tanda from beda
