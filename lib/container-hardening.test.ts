import assert from "node:assert/strict";
import { test } from "node:test";
import { hardenService } from "./container-hardening";

test("a service that says nothing may do nothing beyond its work", () => {
  assert.deepEqual(hardenService({ image: "shop/web" }), {
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    tmpfs: ["/tmp"],
    deploy: { resources: { limits: { memory: "1g", pids: 512 } } },
  });
});

test("what Compose says wins", () => {
  const said = {
    read_only: true,
    cap_drop: ["NET_RAW"],
    security_opt: ["no-new-privileges:false", "seccomp=unconfined"],
    tmpfs: ["/tmp:size=5m", "/run"],
    deploy: { replicas: 2, resources: { limits: { memory: "64m", pids: 20, cpus: "0.5" } } },
  };
  assert.deepEqual(hardenService(said), said);
});

test("older forms of limits win too, and one that is missing is still set", () => {
  assert.deepEqual(hardenService({ mem_limit: "64m", pids_limit: 20 }).deploy, undefined);
  assert.deepEqual(hardenService({ mem_limit: "64m" }).deploy, {
    resources: { limits: { pids: 512 } },
  });
  assert.deepEqual(
    hardenService({ deploy: { resources: { limits: { cpus: "2" }, reservations: { cpus: "1" } } } })
      .deploy,
    {
      resources: {
        limits: { memory: "1g", pids: 512, cpus: "2" },
        reservations: { cpus: "1" },
      },
    },
  );
});

test("capabilities that are added are added to none", () => {
  const service = { cap_add: ["CHOWN", "SETUID"] };
  assert.deepEqual(hardenService(service).cap_drop, ["ALL"]);
  assert.equal(hardenService({ privileged: true }).cap_drop, undefined);
});

test("a root file system is writable only where x-berth says so", () => {
  assert.equal(hardenService({}, true).read_only, false);
  assert.equal(hardenService({}, true).tmpfs, undefined);
  assert.equal(hardenService({ read_only: true }, true).read_only, true);
});

test("/tmp is in memory unless something else is mounted there", () => {
  assert.deepEqual(hardenService({ tmpfs: "/run" }).tmpfs, ["/run", "/tmp"]);
  const volume = { type: "volume", source: "scratch", target: "/tmp" };
  assert.deepEqual(hardenService({ volumes: [volume] }).tmpfs, []);
});
