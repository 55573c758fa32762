-- Grain: made table of the welfare schema among those asked for.
select table_name
from duckdb_tables()
where schema_name = 'welfare' and table_name in (select unnest($tabel))
