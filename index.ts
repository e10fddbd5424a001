import * as pulumi from "@pulumi/pulumi";
import {
  Certificate,
  Checks,
  HostScripts,
  Images,
  makeDatabase,
  makeDataServices,
  makeServer,
  Migrate,
  Protection,
  Release,
  Secrets,
} from "./components";
import { loadSettings } from "./config";
import { leaveMarksUnmapped } from "./lib/stack-traces";

leaveMarksUnmapped();
const settings = loadSettings();
const { projectRoot, application, release: built, trustedCertificates } = settings;
const { volumeSizeGb } = settings.cloud;

const secrets = new Secrets("secrets", {
  secrets: application.berth.secrets ?? {},
  versions: settings.secretVersions,
  supplied: settings.suppliedSecrets,
}).values;

const server = makeServer("server", settings);
const host = new HostScripts("host", { projectRoot, server, trustedCertificates, volumeSizeGb });
const images = new Images("images", { server, release: built, after: [host.step] });
const database = makeDatabase("database", { settings, server, secrets, after: [images.step] });
const data = makeDataServices("data", {
  settings,
  server,
  secrets,
  database,
  after: [images.step],
});

const migrate = new Migrate("migrate", {
  settings,
  server,
  database,
  secrets,
  after: [images.step, ...data],
});
const release = new Release("release", {
  settings,
  server,
  migrated: migrate.run,
  after: [migrate.step],
});
// The address moves only to a server that answers, and a certificate needs the address.
const published = server.publish([release.step]);
const certificate = new Certificate("certificate", {
  settings,
  server,
  after: [release.step, ...published],
});
const checks = new Checks("checks", { settings, server, after: [certificate.step] });
new Protection("protection", {
  protect: settings.cloud.protectData,
  everything: [server, host, checks],
});

module.exports = {
  urls: settings.urls,
  ...secrets,
  serverAddress: server.publicAddress,
  login: pulumi.secret(server.connection),
  release: built.id,
  deployed: built,
  certificateRoot: certificate.root,
  checked: checks.step.id,
};
