-- One row a distinct value of a column that a spreadsheet changed, breaks no rule and is put right: asli becomes nilai. Reads beda,
-- without the broken ones of cela.
select * from beda anti join cela using (kolom, asli) where nilai is distinct from asli
