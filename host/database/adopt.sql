-- Hands to the admin what it needs in order to bring every other role to its declared state: an older set-up
-- may have made roles and tables as the superuser. This server serves one app, so the only superuser is
-- postgres, and only the admin holds memberships that a superuser granted. Run by the superuser in the app's
-- database. Variable: admin. Says what it changes; says nothing when nothing differs.

SELECT set_config('berth.admin', :'admin', false) \g /dev/null

SET LOCAL lock_timeout = '10s';

DO $$
DECLARE
  admin text := current_setting('berth.admin');
  found record;
BEGIN
  FOR found IN
    SELECT rolname FROM pg_roles
    WHERE (rolsuper OR rolreplication OR rolbypassrls) AND rolname NOT IN ('postgres', admin) AND oid >= 16384
  LOOP
    EXECUTE format('ALTER ROLE %I NOSUPERUSER NOREPLICATION NOBYPASSRLS', found.rolname);
    RAISE NOTICE 'took superuser, replication and bypassrls from role %', found.rolname;
  END LOOP;

  FOR found IN
    SELECT given.rolname AS role, held.rolname AS member, grantor.rolname AS grantor
    FROM pg_auth_members AS membership
    JOIN pg_roles AS given ON given.oid = membership.roleid
    JOIN pg_roles AS held ON held.oid = membership.member
    JOIN pg_roles AS grantor ON grantor.oid = membership.grantor
    WHERE grantor.rolsuper AND held.oid >= 16384 AND held.rolname <> admin
  LOOP
    EXECUTE format('REVOKE %I FROM %I GRANTED BY %I CASCADE', found.role, found.member, found.grantor);
    RAISE NOTICE 'took membership in % from role %', found.role, found.member;
  END LOOP;

  FOR found IN
    SELECT rolname FROM pg_roles
    WHERE oid >= 16384 AND rolname NOT IN ('postgres', 'berth_health', admin)
      AND NOT EXISTS (
        SELECT FROM pg_auth_members
        WHERE roleid = pg_roles.oid AND member = to_regrole(quote_ident(admin)) AND admin_option)
  LOOP
    EXECUTE format('GRANT %I TO %I WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', found.rolname, admin);
    RAISE NOTICE 'let role % manage role %', admin, found.rolname;
  END LOOP;

  FOR found IN SELECT 1 FROM pg_namespace WHERE nspname = 'public' AND nspowner <> 'pg_database_owner'::regrole LOOP
    ALTER SCHEMA public OWNER TO pg_database_owner;
    RAISE NOTICE 'gave schema public to the owner of the database';
  END LOOP;
END $$;

-- own-objects.sql follows, in the same transaction.
SELECT set_config('berth.owner', :'admin', false), set_config('berth.only_from', 'postgres', false) \g /dev/null
