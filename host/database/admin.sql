-- Brings the admin role and its database to the declared state. Run by the superuser in database postgres.
-- Variables: admin, database, verifier. Says what it changes; says nothing when nothing differs.

SELECT set_config('berth.admin', :'admin', false), set_config('berth.verifier', :'verifier', false) \g /dev/null

DO $$
DECLARE
  admin text := current_setting('berth.admin');
  verifier text := current_setting('berth.verifier');
  present pg_authid;
BEGIN
  IF to_regrole('berth_health') IS NULL THEN
    CREATE ROLE berth_health LOGIN CONNECTION LIMIT 5;
    RAISE NOTICE 'made role berth_health';
  END IF;
  SELECT * INTO present FROM pg_authid WHERE rolname = admin;
  IF present.oid IS NULL THEN
    EXECUTE format('CREATE ROLE %I LOGIN CREATEDB CREATEROLE PASSWORD %L', admin, verifier);
    RAISE NOTICE 'made role %', admin;
  ELSE
    IF present.rolsuper OR present.rolreplication OR present.rolbypassrls OR NOT present.rolcanlogin
       OR NOT present.rolcreatedb OR NOT present.rolcreaterole OR NOT present.rolinherit
       OR present.rolconnlimit <> -1 OR present.rolvaliduntil < 'infinity' THEN
      EXECUTE format('ALTER ROLE %I LOGIN CREATEDB CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS INHERIT'
        ' CONNECTION LIMIT -1 VALID UNTIL ''infinity''', admin);
      RAISE NOTICE 'corrected the attributes of role %', admin;
    END IF;
    IF present.rolpassword IS DISTINCT FROM verifier THEN
      EXECUTE format('ALTER ROLE %I PASSWORD %L', admin, verifier);
      RAISE NOTICE 'set the password of role %', admin;
    END IF;
  END IF;
  IF NOT pg_has_role(admin, 'pg_monitor', 'USAGE') THEN
    EXECUTE format('GRANT pg_monitor TO %I', admin);
    RAISE NOTICE 'granted pg_monitor to role %', admin;
  END IF;
END $$;

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'database', :'admin')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

SELECT format('ALTER DATABASE %I OWNER TO %I', datname, :'admin')
FROM pg_database WHERE datname = :'database' AND datdba <> to_regrole(quote_ident(:'admin')) \gexec

-- Only the admin and the health check have business in the maintenance database.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname)
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS entry
WHERE datname IN ('postgres', 'template1') AND datname <> :'database' AND entry.grantee = 0
GROUP BY datname \gexec

SELECT format('GRANT CONNECT ON DATABASE postgres TO %I', role)
FROM unnest(ARRAY['berth_health', :'admin']) AS role
WHERE NOT has_database_privilege(role, 'postgres', 'CONNECT') \gexec
