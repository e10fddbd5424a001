import type { Application, XBerth } from "../../lib/application-types";
import type { Release } from "../../lib/release-file";

/** A digest of one repeated hexadecimal digit, for tests that only compare it. */
export function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** A shop with a database, a routed service, a worker and a migration: what the unit tests render. */
export function shopApplication(berth: Partial<XBerth> = {}): Application {
  return {
    folder: "/apps/shop",
    project: {
      name: "shop",
      services: {
        db: {
          image: "berth/postgres:17",
          build: { context: "." },
          container_name: "shop-db",
          ports: [{ target: 5432, published: "5432", host_ip: "0.0.0.0" }],
          volumes: [{ type: "volume", source: "db", target: "/var/lib/postgresql/data" }],
        },
        web: {
          image: "shop/web",
          environment: { DB_PASSWORD: "${DB_PASSWORD}" },
          ports: [{ target: 8000, published: "8000" }],
          depends_on: {
            db: { condition: "service_healthy" },
            worker: { condition: "service_started" },
          },
        },
        worker: { image: "shop/web", volumes: [{ type: "tmpfs", target: "/tmp" }] },
        migrate: { image: "shop/web", profiles: ["migrate"] },
      },
      volumes: { db: {} },
    },
    berth: {
      routes: {
        main: {
          service: "web",
          port: 8000,
          health: "/health",
          path: "/",
          websocket: false,
          bodyLimit: "1m",
          timeoutSeconds: 60,
        },
      },
      secrets: {
        adminPassword: { env: "POSTGRES_PASSWORD", length: 40 },
        webPassword: { env: "DB_PASSWORD", length: 40 },
      },
      database: {
        kind: "postgres",
        service: "db",
        name: "shop",
        admin: { role: "shop", secret: "adminPassword" },
        roles: { web_user: { rights: "owner", secret: "webPassword", createdb: false } },
      },
      migrate: { service: "migrate" },
      services: { db: { mode: "stateful" } },
      ...berth,
    },
  };
}

/** A release of {@link shopApplication}. */
export function shopRelease(): Release {
  const web = { repository: "shop/web", digest: digest("a") };
  return {
    id: "0123456789ab",
    app: "shop",
    platform: "linux/amd64",
    images: {
      db: { repository: "shop/postgres", digest: digest("b") },
      web,
      worker: web,
      migrate: web,
    },
  };
}
