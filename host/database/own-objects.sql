-- Gives every object in schema public to one role, so that this role can change all of them in a migration.
-- Settings: berth.owner, the new owner; berth.only_from, an owner to take from (empty: any). What belongs to
-- an extension stays with it; indexes, row types and sequences of columns follow their table.

DO $$
DECLARE
  new_owner text := current_setting('berth.owner');
  only_from text := current_setting('berth.only_from');
  found record;
BEGIN
  FOR found IN
    WITH object AS (
      SELECT 'pg_class'::regclass AS catalog, oid, relowner AS owner,
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
          WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind,
        oid::regclass::text AS name
      FROM pg_class AS relation
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND NOT EXISTS (
          SELECT FROM pg_depend
          WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND relation.relkind = 'S'
            AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i'))
      UNION ALL
      SELECT 'pg_proc'::regclass, oid, proowner, 'ROUTINE', oid::regprocedure::text
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL
      SELECT 'pg_type'::regclass, type.oid, typowner, 'TYPE', type.oid::regtype::text
      FROM pg_type AS type LEFT JOIN pg_class AS shape ON shape.oid = typrelid
      WHERE typnamespace = 'public'::regnamespace AND typtype IN ('b', 'c', 'd', 'e', 'r')
        AND (typrelid = 0 OR shape.relkind = 'c')
        AND NOT EXISTS (SELECT FROM pg_type AS element WHERE element.typarray = type.oid)
    )
    SELECT kind, name, owner.rolname AS old_owner
    FROM object JOIN pg_roles AS owner ON owner.oid = object.owner
    WHERE owner.rolname <> new_owner AND (only_from = '' OR owner.rolname = only_from)
      AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = object.catalog AND objid = object.oid AND deptype = 'e')
    ORDER BY kind, name
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO %I', found.kind, found.name, new_owner);
    RAISE NOTICE 'gave % % from % to %', lower(found.kind), found.name, found.old_owner, new_owner;
  END LOOP;
END $$;
