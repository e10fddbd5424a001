import assert from "node:assert/strict";
import { test } from "node:test";
import { digest, shopApplication, shopRelease } from "../test/support/application";
import type { ComposeService } from "./application-types";
import { releaseImages, renderDataProject, renderReleaseProject } from "./compose";

const rendering = {
  application: shopApplication(),
  release: shopRelease(),
  dataPath: "/srv/berth",
  slot: "a",
} as const;

function service(name: string): Record<string, unknown> {
  const found = renderReleaseProject(rendering).services[name];
  assert.ok(found !== undefined, `there is no service ${name}`);
  return found as Record<string, unknown>;
}

test("stateful services are a project of their own, on the network that outlives releases", () => {
  const project = renderDataProject(rendering);
  assert.equal(project.name, "shop-data");
  assert.deepEqual(Object.keys(project.services), ["db"]);
  assert.deepEqual(project.networks, { default: { name: "shop-data", external: true } });
});

test("all other services are the release, on a network of its own and the data network", () => {
  const project = renderReleaseProject(rendering);
  assert.deepEqual(Object.keys(project.services), ["web", "worker", "migrate"]);
  assert.deepEqual(service("web").networks, { default: null, data: null });
});

test("images come from the server's registry by digest", () => {
  assert.equal(service("web").image, `127.0.0.1:5000/shop/web@${digest("a")}`);
});

test("a published port becomes one on loopback, and only for routed services", () => {
  const db = renderDataProject(rendering).services.db as Record<string, unknown>;
  assert.equal(db.ports, undefined);
  assert.deepEqual(service("web").ports, [
    { mode: "ingress", host_ip: "127.0.0.1", published: "20000", target: 8000, protocol: "tcp" },
  ]);
});

test("what Compose does not say is restricted, for stateful services and jobs too", () => {
  const db = renderDataProject(rendering).services.db as Record<string, unknown>;
  for (const rendered of [db, service("web"), service("worker"), service("migrate")]) {
    assert.deepEqual(rendered.cap_drop, ["ALL"]);
    assert.deepEqual(rendered.security_opt, ["no-new-privileges:true"]);
    assert.equal(rendered.read_only, true);
    assert.deepEqual(rendered.deploy, { resources: { limits: { memory: "1g", pids: 512 } } });
  }
  const services = { db: { mode: "stateful" }, web: { writable: true } } as const;
  const project = renderReleaseProject({
    ...rendering,
    application: shopApplication({ services }),
  });
  assert.equal((project.services.web as Record<string, unknown>).read_only, false);
});

test("health is asked each second while a service of a release starts, unless Compose says otherwise", () => {
  const rendered = (healthcheck: ComposeService["healthcheck"], name = "web") => {
    const application = shopApplication();
    const { services } = application.project;
    const changed = { ...services, [name]: { ...services[name], healthcheck } };
    const given = {
      ...rendering,
      application: { ...application, project: { ...application.project, services: changed } },
    };
    const projects = [renderReleaseProject(given), renderDataProject(given)];
    const found = projects.map(({ services: all }) => all[name]).find((one) => one !== undefined);
    return (found as ComposeService).healthcheck;
  };
  const start_period = "20s";
  assert.deepEqual(rendered({ start_period }), { start_period, start_interval: "1s" });
  const own = { start_period, start_interval: "3s" };
  assert.deepEqual(rendered(own), own);
  // Docker wants a start period with it; a database is not started anew for it.
  assert.deepEqual(rendered({ test: ["CMD", "true"] }), { test: ["CMD", "true"] });
  assert.deepEqual(rendered({ start_period }, "db"), { start_period });
});

test("what builds or names something on a shared server is left out", () => {
  const db = renderDataProject(rendering).services.db as Record<string, unknown>;
  assert.equal(db.build, undefined);
  assert.equal(db.container_name, undefined);
});

test("named volumes are folders of the data volume", () => {
  const db = renderDataProject(rendering).services.db as { volumes: unknown };
  assert.deepEqual(db.volumes, [
    {
      type: "bind",
      source: "/srv/berth/shop/volumes/db",
      target: "/var/lib/postgresql/data",
      bind: { create_host_path: true },
    },
  ]);
});

test("a volume without a name stays Docker's own, not the folder of all volumes", () => {
  const { project, ...rest } = shopApplication();
  const worker = { image: "shop/web", volumes: [{ type: "volume", target: "/var/cache" }] };
  const application = {
    ...rest,
    project: { ...project, services: { ...project.services, worker } },
  };
  const { services } = renderReleaseProject({ ...rendering, application });
  assert.deepEqual((services.worker as { volumes: unknown }).volumes, worker.volumes);
});

test("labels and hosts may be a map or a list, as Compose has it", () => {
  const { project, berth, folder } = shopApplication({
    checks: { run: [{ service: "worker", command: ["true"] }] },
  });
  for (const own of [
    { labels: ["team=shop"], extra_hosts: ["other:192.0.2.7"] },
    { labels: { team: "shop" }, extra_hosts: { other: "192.0.2.7" } },
  ]) {
    const worker = { image: "shop/web", ...own };
    const application = {
      ...{ berth, folder },
      project: { ...project, services: { ...project.services, worker } },
    };
    const { services } = renderReleaseProject({
      ...rendering,
      application,
      databaseAuthority: "PEM",
    });
    const rendered = services.worker as { labels: string[]; extra_hosts: string[] };
    assert.equal(rendered.labels[0], "team=shop");
    assert.match(rendered.labels[1] ?? "", /^berth\.database-authority=[0-9a-f]{64}$/);
    assert.deepEqual(rendered.extra_hosts, [
      "other:192.0.2.7",
      "host.docker.internal:host-gateway",
    ]);
  }
});

test("a dependency on a service of the other project is left out", () => {
  assert.deepEqual(service("web").depends_on, { worker: { condition: "service_started" } });
});

test("a job is not started with a release, and nothing waits for it", () => {
  const application = shopApplication({
    services: { db: { mode: "stateful" }, worker: { mode: "job" } },
  });
  const { services } = renderReleaseProject({ ...rendering, application });
  const rendered = services as Record<string, ComposeService>;
  assert.deepEqual(rendered.worker?.profiles, ["job"]);
  assert.deepEqual(rendered.migrate?.profiles, ["migrate"]);
  assert.equal(rendered.web?.profiles, undefined);
  assert.equal(rendered.web?.depends_on, undefined);
});

test("services start again after a reboot, jobs do not", () => {
  assert.equal(service("web").restart, "unless-stopped");
  assert.equal(service("migrate").restart, "no");
});

test("a service without an image in the release is refused with the way out", () => {
  const release = { ...shopRelease(), images: {} };
  assert.throws(() => renderReleaseProject({ ...rendering, release }), {
    message:
      "release 0123456789ab has no image for service web; build it again with `make release`",
  });
});

test("an image that several services share is copied once", () => {
  assert.deepEqual(releaseImages(shopRelease()), [
    { repository: "shop/postgres", digest: digest("b") },
    { repository: "shop/web", digest: digest("a") },
  ]);
});

test("a release is given the authority of its database, and starts anew with another", () => {
  const render = (databaseAuthority?: string) =>
    renderReleaseProject({
      application: shopApplication(),
      release: shopRelease(),
      dataPath: "/srv/berth",
      slot: "a",
      databaseAuthority,
    }).services.web as { volumes?: unknown[]; labels?: Record<string, string> };
  const [one, other, none] = [render("one"), render("other"), render()];
  assert.deepEqual(one.volumes, [
    {
      type: "bind",
      source: "/opt/shop/database-ca.pem",
      target: "/run/berth/database-ca.pem",
      read_only: true,
      bind: { create_host_path: false },
    },
  ]);
  assert.notDeepEqual(one.labels, other.labels);
  assert.equal(none.volumes, undefined);
  assert.equal(none.labels, undefined);
});
