-- What a session of each role begins with. Other settings of these roles are removed: one of them could, say,
-- point the search path elsewhere. Part of roles.sql, the last one.

DO $$
DECLARE
  change record;
BEGIN
  FOR change IN
    WITH wanted (rights, name, value) AS (
      VALUES
        -- A migration that cannot get a table's lock gives up before queries pile up behind it.
        ('owner', 'lock_timeout', '5s'),
        ('read', 'default_transaction_read_only', 'on'),
        ('read', 'statement_timeout', '60s'),
        ('read', 'idle_in_transaction_session_timeout', '60s')
    ), desired AS (
      SELECT role, ''::name AS database, name, value FROM wanted JOIN declared USING (rights)
    ), present AS (
      SELECT managed.role, coalesce(datname, '') AS database,
        split_part(entry, '=', 1) AS name, substr(entry, strpos(entry, '=') + 1) AS value
      FROM pg_db_role_setting JOIN managed ON managed.oid = setrole
      LEFT JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS entry
    )
    SELECT role, database, name, desired.value
    FROM desired FULL JOIN present USING (role, database, name)
    WHERE desired.value IS DISTINCT FROM present.value
    ORDER BY role, name
  LOOP
    EXECUTE format('ALTER ROLE %I', change.role)
      || CASE WHEN change.database = '' THEN '' ELSE format(' IN DATABASE %I', change.database) END
      || CASE WHEN change.value IS NULL THEN format(' RESET %I', change.name)
         ELSE format(' SET %I = %L', change.name, change.value) END;
    RAISE NOTICE 'role %: % = %', change.role, change.name, coalesce(change.value, 'default');
  END LOOP;

  FOR change IN
    SELECT unnest(string_to_array(nullif(current_setting('berth.acting_for', true), ''), ',')) AS role
  LOOP
    EXECUTE format('REVOKE %I FROM %I', change.role, current_user);
  END LOOP;
END $$;
