-- Brings the roles of the app to the declared state. Run by the admin, who is no superuser, in one
-- transaction: nobody ever sees a role half changed. Variable: roles, a JSON object
--   {"<role>": {"rights": "owner" | "write" | "read", "verifier": text | null, "createdb": true?,
--               "readOnlyTables": [text]?}}
-- A verifier of null means that the password in force is the declared one. own-objects.sql, rights.sql and
-- settings.sql follow in the same transaction. Only what differs is touched, and each change is said once.

SET LOCAL client_min_messages = notice;
SET LOCAL lock_timeout = '5s';
SELECT set_config('berth.roles', :'roles', true) \g /dev/null

CREATE TEMP TABLE declared ON COMMIT DROP AS
SELECT key::name AS role, value ->> 'rights' AS rights, value ->> 'verifier' AS verifier,
  coalesce((value ->> 'createdb')::boolean, false) AS createdb,
  ARRAY(SELECT jsonb_array_elements_text(coalesce(value -> 'readOnlyTables', '[]'))) AS read_only_tables
FROM jsonb_each(current_setting('berth.roles')::jsonb);

-- Two runs at once would trip over each other's catalog rows.
SELECT pg_advisory_xact_lock(hashtextextended('berth roles', 0)) \g /dev/null

-- A role is known as ours by its comment, so that one dropped from the declaration is found again.
CREATE TEMP VIEW marked AS
SELECT oid, rolname AS role FROM pg_roles
WHERE shobj_description(oid, 'pg_authid') = 'berth: role of database ' || current_database();

DO $$
DECLARE
  wanted record;
  present pg_roles;
  changes text;
BEGIN
  FOR wanted IN SELECT * FROM declared ORDER BY role LOOP
    SELECT * INTO present FROM pg_roles WHERE rolname = wanted.role;
    IF present.oid IS NULL THEN
      EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', wanted.role, wanted.verifier)
        || CASE WHEN wanted.createdb THEN ' CREATEDB' ELSE '' END;
      RAISE NOTICE 'made role %', wanted.role;
    ELSE
      IF present.rolsuper OR present.rolreplication OR present.rolbypassrls THEN
        RAISE EXCEPTION 'role % is superuser, replication or bypassrls, which % may not change', wanted.role, current_user
          USING HINT = format('As a superuser: ALTER ROLE %I NOSUPERUSER NOREPLICATION NOBYPASSRLS', wanted.role);
      END IF;
      IF current_setting('server_version_num')::int >= 160000 AND NOT EXISTS (
        SELECT FROM pg_auth_members
        WHERE roleid = present.oid AND member = current_user::regrole AND admin_option) THEN
        RAISE EXCEPTION 'role % exists, but % may not change it', wanted.role, current_user
          USING HINT = format('As a superuser: GRANT %I TO %I WITH ADMIN TRUE', wanted.role, current_user);
      END IF;
      -- The master of a managed database may not even name an attribute that is not its to give.
      changes := concat_ws(' ',
        CASE WHEN NOT present.rolcanlogin THEN 'LOGIN' END,
        CASE WHEN present.rolcreaterole THEN 'NOCREATEROLE' END,
        CASE WHEN present.rolcreatedb AND NOT wanted.createdb THEN 'NOCREATEDB' END,
        CASE WHEN wanted.createdb AND NOT present.rolcreatedb THEN 'CREATEDB' END,
        CASE WHEN NOT present.rolinherit THEN 'INHERIT' END,
        CASE WHEN present.rolconnlimit <> -1 THEN 'CONNECTION LIMIT -1' END,
        CASE WHEN present.rolvaliduntil < 'infinity' THEN 'VALID UNTIL ''infinity''' END);
      IF changes <> '' THEN
        EXECUTE format('ALTER ROLE %I %s', wanted.role, changes);
        RAISE NOTICE 'role %: %', wanted.role, lower(changes);
      END IF;
      IF wanted.verifier IS NOT NULL THEN
        EXECUTE format('ALTER ROLE %I PASSWORD %L', wanted.role, wanted.verifier);
        RAISE NOTICE 'role %: new password', wanted.role;
      END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM marked WHERE role = wanted.role) THEN
      EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.role, 'berth: role of database ' || current_database());
    END IF;
  END LOOP;

  FOR wanted IN
    SELECT role FROM marked JOIN pg_roles ON pg_roles.oid = marked.oid
    WHERE rolcanlogin AND role NOT IN (SELECT role FROM declared)
  LOOP
    EXECUTE format('ALTER ROLE %I NOLOGIN', wanted.role);
    RAISE NOTICE 'role % is no longer declared: it cannot log in any more, its rights are taken; drop it by hand',
      wanted.role;
  END LOOP;
END $$;

-- Roles whose every right is ours to decide: the declared ones and those dropped from the declaration.
CREATE TEMP VIEW managed AS SELECT oid, role FROM marked;

DO $$
DECLARE
  admin text := current_user;
  owner_role text := (SELECT role FROM declared WHERE rights = 'owner');
  modern boolean := current_setting('server_version_num')::int >= 160000;
  found record;
BEGIN
  FOR found IN
    SELECT given.rolname AS role, held.rolname AS member, grantor.rolname AS grantor
    FROM pg_auth_members AS membership
    JOIN pg_roles AS given ON given.oid = membership.roleid
    JOIN pg_roles AS held ON held.oid = membership.member
    LEFT JOIN pg_roles AS grantor ON grantor.oid = membership.grantor
    WHERE held.rolname <> admin
      AND (membership.member IN (SELECT oid FROM managed) OR membership.roleid IN (SELECT oid FROM managed))
  LOOP
    BEGIN
      EXECUTE format('REVOKE %I FROM %I', found.role, found.member)
        || CASE WHEN modern THEN format(' GRANTED BY %I', found.grantor) ELSE '' END || ' CASCADE';
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE EXCEPTION 'role % is a member of %, granted by %, which % may not take back',
        found.member, found.role, found.grantor, admin
        USING HINT = format('As a superuser: REVOKE %I FROM %I GRANTED BY %I', found.role, found.member, found.grantor);
    END;
    RAISE NOTICE 'role %: no longer a member of %', found.member, found.role;
  END LOOP;

  -- The admin acts for the owner; it keeps this membership, for backups and for the checks of the schema.
  IF NOT pg_has_role(admin, owner_role, 'USAGE') OR (modern AND NOT pg_has_role(admin, owner_role, 'SET')) THEN
    EXECUTE format('GRANT %I TO %I', owner_role, admin) || CASE WHEN modern THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
  END IF;

  -- For others it acts only within this transaction; settings.sql ends that.
  FOR found IN
    SELECT rolname AS role FROM pg_roles
    WHERE rolname NOT IN (admin, owner_role) AND oid IN (
      SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
      UNION SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION SELECT typowner FROM pg_type WHERE typnamespace = 'public'::regnamespace
      UNION SELECT defaclrole FROM pg_default_acl)
      AND NOT pg_has_role(admin, oid, 'USAGE')
      AND (NOT modern OR EXISTS (
        SELECT FROM pg_auth_members
        WHERE roleid = pg_roles.oid AND member = admin::regrole AND admin_option))
  LOOP
    EXECUTE format('GRANT %I TO %I', found.role, admin) || CASE WHEN modern THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
    PERFORM set_config('berth.acting_for', concat_ws(',', nullif(current_setting('berth.acting_for', true), ''), found.role), true);
  END LOOP;
END $$;

SELECT set_config('berth.owner', role, true), set_config('berth.only_from', '', true)
FROM declared WHERE rights = 'owner' \g /dev/null
