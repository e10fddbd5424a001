-- The rights of the declared roles on the database, its schema public and all in it, present and future:
-- what is wanted and what there is are two lists, and only their difference is executed. Part of roles.sql.

-- Every privilege that somebody other than an object's owner has. A statement is
-- <prefix> GRANT <privilege> ON <target> TO <grantee>; grantee 0 is PUBLIC.
CREATE TEMP VIEW present AS
WITH object AS (
  SELECT 1 AS stage, ''::text AS prefix, format('DATABASE %I', datname) AS target, datdba AS owner,
    coalesce(datacl, acldefault('d', datdba)) AS acl
  FROM pg_database
  WHERE datname = current_database()
    OR (datname IN ('postgres', 'template1') AND pg_has_role(datdba, 'USAGE'))
  UNION ALL
  SELECT 1, '', 'SCHEMA public', nspowner, coalesce(nspacl, acldefault('n', nspowner))
  FROM pg_namespace WHERE nspname = 'public'
  UNION ALL
  SELECT 2, '', format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass), relowner,
    coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))
  FROM pg_class AS relation
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND deptype = 'e')
  UNION ALL
  SELECT 2, '', format('ROUTINE %s', oid::regprocedure), proowner, coalesce(proacl, acldefault('f', proowner))
  FROM pg_proc AS routine
  WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = routine.oid AND deptype = 'e')
  UNION ALL
  SELECT 2, format('ALTER DEFAULT PRIVILEGES FOR ROLE %s ', defaclrole::regrole)
      || CASE WHEN defaclnamespace = 0 THEN '' ELSE format('IN SCHEMA %s ', defaclnamespace::regnamespace) END,
    CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES'
      WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END, defaclrole, defaclacl
  FROM pg_default_acl WHERE defaclrole IN (SELECT oid FROM managed)
  UNION ALL
  -- Where the owner has no entry for functions, everybody may call what it makes.
  SELECT 2, format('ALTER DEFAULT PRIVILEGES FOR ROLE %s ', oid::regrole), 'ROUTINES', oid, acldefault('f', oid)
  FROM pg_roles
  WHERE rolname = (SELECT role FROM declared WHERE rights = 'owner') AND NOT EXISTS (
    SELECT FROM pg_default_acl WHERE defaclrole = pg_roles.oid AND defaclnamespace = 0 AND defaclobjtype = 'f')
)
SELECT stage, prefix, target, owner, entry.grantee, entry.privilege_type AS privilege, entry.is_grantable AS grantable
FROM object, aclexplode(acl) AS entry WHERE entry.grantee <> owner
UNION ALL
SELECT 2, '', format('TABLE %s', attrelid::regclass), relowner, entry.grantee,
  format('%s (%I)', entry.privilege_type, attname), entry.is_grantable
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl) AS entry
WHERE relnamespace = 'public'::regnamespace AND entry.grantee <> relowner;

CREATE TEMP VIEW wanted AS
WITH privilege (rights, class, privilege) AS (
  VALUES
    ('owner', 'DATABASE', 'CONNECT'), ('owner', 'DATABASE', 'TEMPORARY'),
    ('write', 'DATABASE', 'CONNECT'), ('write', 'DATABASE', 'TEMPORARY'),
    ('read', 'DATABASE', 'CONNECT'),
    ('owner', 'SCHEMA', 'USAGE'), ('owner', 'SCHEMA', 'CREATE'),
    ('write', 'SCHEMA', 'USAGE'),
    ('read', 'SCHEMA', 'USAGE'),
    ('write', 'TABLE', 'SELECT'), ('write', 'TABLE', 'INSERT'), ('write', 'TABLE', 'UPDATE'), ('write', 'TABLE', 'DELETE'),
    ('read', 'TABLE', 'SELECT'),
    ('write', 'SEQUENCE', 'USAGE'), ('write', 'SEQUENCE', 'SELECT'),
    ('read', 'SEQUENCE', 'SELECT'),
    ('write', 'ROUTINE', 'EXECUTE')
), role AS (
  SELECT declared.*, pg_roles.oid FROM declared JOIN pg_roles ON rolname = role
), object (stage, class, prefix, target, plain_name, owner) AS (
  SELECT 1, 'DATABASE', '', format('DATABASE %I', datname), '', datdba FROM pg_database WHERE datname = current_database()
  UNION ALL
  SELECT 1, 'SCHEMA', '', 'SCHEMA public', '', nspowner FROM pg_namespace WHERE nspname = 'public'
  UNION ALL
  SELECT 2, kind, '', format('%s %s', kind, relation.oid::regclass), relname, relowner
  FROM pg_class AS relation, LATERAL (SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind) AS named
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND deptype = 'e')
  UNION ALL
  SELECT 2, 'ROUTINE', '', format('ROUTINE %s', oid::regprocedure), '', proowner
  FROM pg_proc AS routine
  WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = routine.oid AND deptype = 'e')
  UNION ALL
  SELECT 2, class, format('ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA public ', oid::regrole), class || 'S', '', oid
  FROM role, unnest(ARRAY['TABLE', 'SEQUENCE', 'ROUTINE']) AS class WHERE rights = 'owner'
)
SELECT object.stage, object.prefix, object.target, object.owner, role.oid AS grantee, privilege.privilege
FROM object JOIN privilege USING (class) JOIN role USING (rights)
WHERE role.oid <> object.owner
  AND NOT (privilege.privilege IN ('INSERT', 'UPDATE', 'DELETE') AND object.plain_name = ANY (role.read_only_tables));

CREATE TEMP VIEW difference AS
SELECT stage, prefix, target, owner, grantee, privilege,
  CASE WHEN wanted.grantee IS NULL THEN 'REVOKE' ELSE 'REVOKE GRANT OPTION FOR' END AS verb
FROM present LEFT JOIN wanted USING (stage, prefix, target, owner, grantee, privilege)
WHERE (grantee = 0 OR grantee IN (SELECT oid FROM managed)) AND (wanted.grantee IS NULL OR grantable)
UNION ALL
SELECT stage, prefix, target, owner, grantee, privilege, 'GRANT'
FROM wanted LEFT JOIN present USING (stage, prefix, target, owner, grantee, privilege)
WHERE present.grantee IS NULL;

-- Stage 1 (database, schema) comes before objects change owner, as the new owner needs CREATE; 2 is the rest.
CREATE FUNCTION pg_temp.settle(only_stage integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  change record;
BEGIN
  FOR change IN
    SELECT prefix, verb, target, pg_get_userbyid(owner) AS owner, string_agg(privilege, ', ' ORDER BY privilege) AS privileges,
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee
    FROM difference WHERE stage = only_stage
    GROUP BY prefix, verb, target, difference.owner, difference.grantee
    ORDER BY verb DESC, target, difference.grantee
  LOOP
    -- PostgreSQL lets a statement act for any role that has the right to grant. Only as the owner is it certain
    -- to reach what the owner once granted.
    IF pg_has_role(change.owner, 'MEMBER') THEN
      EXECUTE format('SET LOCAL ROLE %I', change.owner);
    END IF;
    EXECUTE format('%s%s %s ON %s %s %s%s', change.prefix, change.verb, change.privileges, change.target,
      CASE change.verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, change.grantee,
      CASE change.verb WHEN 'GRANT' THEN '' ELSE ' CASCADE' END);
    RESET ROLE;
    RAISE NOTICE '%', format('role %s: %s%s %s on %s', change.grantee, change.prefix, lower(change.verb),
      lower(change.privileges), change.target);
  END LOOP;
  SELECT string_agg(format('%s %s on %s', verb, privilege, target), '; ') AS left_over INTO change
  FROM difference WHERE stage = only_stage;
  IF change.left_over IS NOT NULL THEN
    RAISE EXCEPTION 'these rights cannot be changed by %: %', current_user, change.left_over
      USING HINT = 'Another role granted them, or owns the object; give the object to the owner role as a superuser.';
  END IF;
END $$;
