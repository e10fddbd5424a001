-- Runs the checks of schema-checks.sh and prints one line for each. Variable: checks, the JSON list.
-- Values are compared as JSON, so that the text '1' is not the number 1 and null equals only null; where a text is declared,
-- a number and a truth value are taken as the text that they print.

BEGIN READ ONLY;
SET LOCAL statement_timeout = '30s';
SELECT set_config('berth.checks', :'checks', true), set_config('berth.results', '', true) \g /dev/null

DO $$
DECLARE
  item jsonb;
  answer jsonb;
  problem text;
BEGIN
  FOR item IN SELECT jsonb_array_elements(current_setting('berth.checks')::jsonb) LOOP
    BEGIN
      -- The line break ends a comment on the query's last line.
      EXECUTE format(E'SELECT coalesce(jsonb_agg(to_jsonb(result)), ''[]'') FROM (%s\n) AS result',
        rtrim(item ->> 'query', E'; \t\r\n')) INTO answer;
      problem := CASE
        WHEN jsonb_array_length(answer) <> 1 THEN format('expected one row, got %s', jsonb_array_length(answer))
        WHEN (SELECT count(*) FROM jsonb_object_keys(answer -> 0)) <> 1 THEN 'expected one column, got several'
        WHEN (SELECT CASE
            WHEN jsonb_typeof(item -> 'equals') = 'string' AND jsonb_typeof(value) IN ('number', 'boolean')
              THEN to_jsonb(value #>> '{}')
            ELSE value END FROM jsonb_each(answer -> 0)) <> item -> 'equals' THEN
          format('expected %s, got %s', item -> 'equals', (SELECT left(value::text, 200) FROM jsonb_each(answer -> 0)))
        END;
    EXCEPTION WHEN OTHERS THEN
      problem := SQLERRM;
    END;
    PERFORM set_config('berth.results', current_setting('berth.results')
      || CASE WHEN problem IS NULL THEN 'ok    ' ELSE 'FAIL  ' END
      || regexp_replace(item ->> 'name' || coalesce(': ' || problem, ''), '\s+', ' ', 'g') || E'\n', true);
  END LOOP;
END $$;

SELECT rtrim(current_setting('berth.results'), E'\n');
COMMIT;
