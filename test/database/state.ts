import type { DataStack } from "./data-stack";

const RAW_STATE = `
SELECT 'role', xmin, pg_authid.* FROM pg_authid ORDER BY oid;
SELECT 'member', xmin, pg_auth_members.* FROM pg_auth_members ORDER BY oid;
SELECT 'setting', xmin, pg_db_role_setting.* FROM pg_db_role_setting ORDER BY setdatabase, setrole;
SELECT 'comment', xmin, pg_shdescription.* FROM pg_shdescription ORDER BY objoid;
SELECT 'database', xmin, datname, datdba, datacl FROM pg_database ORDER BY oid;
SELECT 'schema', xmin, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname = 'public';
SELECT 'relation', xmin, relname, relowner, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid;
SELECT 'function', xmin, proname, proowner, proacl FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY oid;
SELECT 'default', xmin, pg_default_acl.* FROM pg_default_acl ORDER BY oid;
`;

/** Every catalog row about roles and rights with the transaction that wrote it: equal means untouched. */
export async function rawState(stack: DataStack): Promise<string> {
  return stack.superuser(RAW_STATE);
}

const MEANING = `
SELECT 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
  rolbypassrls, rolconnlimit, coalesce(rolvaliduntil, 'infinity') < 'infinity', shobj_description(oid, 'pg_authid')
FROM pg_roles WHERE oid >= 16384 ORDER BY 1, 2;
SELECT 'member', roleid::regrole::text, member::regrole::text, bool_or(admin_option), bool_or(inherit_option), bool_or(set_option)
FROM pg_auth_members WHERE member >= 16384 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT 'setting', setrole::regrole::text, datname, unnest(setconfig)
FROM pg_db_role_setting LEFT JOIN pg_database ON pg_database.oid = setdatabase ORDER BY 2, 3, 4;
WITH object (what, owner, acl) AS (
  SELECT 'database ' || datname, datdba, coalesce(datacl, acldefault('d', datdba)) FROM pg_database
  UNION ALL
  SELECT 'schema ' || nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner))
  FROM pg_namespace WHERE nspname = 'public'
  UNION ALL
  SELECT 'relation ' || relname, relowner,
    coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
  UNION ALL
  SELECT 'column ' || attrelid::regclass || '.' || attname, relowner, attacl
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  WHERE relnamespace = 'public'::regnamespace AND attacl <> '{}'
  UNION ALL
  SELECT 'function ' || oid::regprocedure, proowner, coalesce(proacl, acldefault('f', proowner))
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'type ' || typname, typowner, NULL FROM pg_type
  WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e')
  UNION ALL
  SELECT format('default %s %s', defaclnamespace, defaclobjtype), defaclrole, defaclacl FROM pg_default_acl
)
SELECT what, owner::regrole::text, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
  string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ',' ORDER BY privilege_type)
FROM object LEFT JOIN LATERAL aclexplode(acl) ON true GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
`;

/** What the roles are and may do, in a form that two databases can be compared by. */
export async function meaningOf(stack: DataStack): Promise<string> {
  return stack.superuser(MEANING);
}
