-- Prints a line for each table (rows and a sum over them) and each sequence, alike on any version of PostgreSQL.
-- What belongs to an extension is the extension's.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
-- Older versions write more digits than needed, newer ones the shortest; fifteen are the same in both.
SET extra_float_digits = 0; SET search_path = pg_catalog; SET statement_timeout = 0;

SELECT CASE relkind WHEN 'S' THEN
    format('SELECT ''sequence %1$I.%2$I'', last_value, is_called FROM %1$I.%2$I', nspname, relname)
  ELSE
    format('SELECT ''table %1$I.%2$I'', count(*), coalesce(sum((''x'' || substr(md5(r::text), 1, 16))::bit(64)::bigint::numeric), 0)'
      ' FROM ONLY %1$I.%2$I AS r', nspname, relname)
  END
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'S') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY relkind DESC, nspname COLLATE "C", relname COLLATE "C" \gexec
