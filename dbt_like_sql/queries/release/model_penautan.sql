-- One row: the linkage model, from which the next month's linkage starts.
select * from linkage.model
