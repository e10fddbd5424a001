import { declaredMode, type Block } from "./application-block";
import { allowedNames, listOf, mapOf, type Finding } from "./finding";

/** A role with the path of its key. */
interface NamedRole {
  readonly key: string;
  readonly name: string;
  readonly secret: unknown;
}

/** Finds roles, secrets and checks of a database that do not fit each other, as the server would find them later. */
export function checkDatabase(block: Block): Finding[] {
  const database = mapOf(block.database);
  if (database.kind !== "postgres") return checkWithout(block, database);
  const admin = mapOf(database.admin);
  const roles = Object.entries(mapOf(database.roles));
  const named = [
    {
      key: "x-berth.database.admin.role",
      name: typeof admin.role === "string" ? admin.role : "",
      secret: admin.secret,
    },
    ...roles.map(([name, role]) => ({
      key: `x-berth.database.roles.${name}`,
      name,
      secret: mapOf(role).secret,
    })),
  ];
  return [
    ...checkStateful(block, database),
    ...checkSecretNames(block, named),
    ...checkRoleNames(named),
    ...(database.roles === undefined ? [] : checkOwner(roles)),
    ...roles.flatMap(([name, role]) => checkReadOnly(name, mapOf(role))),
  ];
}

function checkWithout(block: Block, database: Block): Finding[] {
  if (database.kind !== undefined && database.kind !== "none") return [];
  const parts = Object.keys(database).filter((part) =>
    ["service", "name", "admin", "roles"].includes(part),
  );
  const findings = parts.map((part): Finding => ({
    key: `x-berth.database.${part}`,
    problem: "is given, and there is no database",
    next: "write kind: postgres, or take it out",
  }));
  // Without its kind the schema asks for that alone.
  const told = database.kind === undefined ? [] : findings;
  return listOf(mapOf(block.checks).sql).length > 0 && database.kind !== undefined
    ? [
        ...told,
        {
          key: "x-berth.checks.sql",
          problem: "asks a database, and there is none",
          next: "write kind: postgres, or take it out",
        },
      ]
    : told;
}

/** Two servers on the same files ruin them; the database is started apart from releases. */
function checkStateful(block: Block, { service }: Block): Finding[] {
  if (typeof service !== "string") return [];
  const mode = declaredMode(block, service);
  return typeof mode !== "string" || mode === "stateful"
    ? []
    : [
        {
          key: `x-berth.services.${service}.mode`,
          value: mode,
          problem: "would have releases start the database anew",
          next: "allowed is stateful",
        },
      ];
}

function checkSecretNames({ secrets }: Block, roles: readonly NamedRole[]): Finding[] {
  const known = Object.keys(mapOf(secrets));
  const first = new Map<string, string>();
  return roles.flatMap(({ key, name, secret }): Finding[] => {
    if (typeof secret !== "string") return [];
    const place = `${key.replace(/\.role$/, "")}.secret`;
    if (!known.includes(secret)) {
      const next = allowedNames(secret, known);
      return [{ key: place, value: secret, problem: "is no secret of x-berth.secrets", next }];
    }
    const other = first.get(secret);
    first.set(secret, other ?? name);
    if (other === undefined) return [];
    const problem = `is that of role ${other} too, so that each could log in as the other`;
    return [{ key: place, value: secret, problem, next: "give each role a secret of its own" }];
  });
}

function checkRoleNames(roles: readonly NamedRole[]): Finding[] {
  const [admin, ...others] = roles;
  return [
    ...roles
      .filter(({ name }) => /^(pg_.*|postgres|berth_health|public|none)$/.test(name))
      .map(({ key, name: value }) => ({
        key,
        value,
        problem: "is a name of the server itself",
        next: "choose another",
      })),
    ...others
      .filter(({ name }) => name === admin?.name)
      .map(({ key, name: value }) => ({
        key,
        value,
        problem: "is database.admin.role too",
        next: "give each role a name of its own",
      })),
  ];
}

function checkOwner(roles: readonly [string, unknown][]): Finding[] {
  const rights = roles.map(([, role]) => mapOf(role).rights);
  // What is not of the right form may have been meant as the owner.
  if (!rights.every((right) => ["owner", "write", "read"].includes(String(right)))) return [];
  const owners = roles.filter(([, role]) => mapOf(role).rights === "owner").map(([name]) => name);
  if (owners.length === 1) return [];
  return [
    {
      key: "x-berth.database.roles",
      problem:
        owners.length === 0
          ? "has no role with rights: owner"
          : `has ${owners.length} roles with rights: owner (${owners.join(", ")})`,
      next: "allowed is exactly one, which makes and alters the tables",
    },
  ];
}

function checkReadOnly(name: string, { rights, readOnlyTables }: Block): Finding[] {
  return readOnlyTables === undefined || rights === "write" || typeof rights !== "string"
    ? []
    : [
        {
          key: `x-berth.database.roles.${name}.readOnlyTables`,
          problem: `is given for rights: ${rights}`,
          next: "allowed with rights: write alone",
        },
      ];
}
