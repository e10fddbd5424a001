import * as pulumi from "@pulumi/pulumi";
import {
  Certificate,
  Checks,
  ComposeDatabase,
  HostReady,
  HostScripts,
  Images,
  LocalServer,
  Migrate,
  Release,
  Secrets,
} from "./components";
import { loadSettings } from "./config";

const settings = loadSettings();
const { projectRoot, application, release: built } = settings;
const { database: declared } = application.berth;

const secrets = new Secrets("secrets", {
  secrets: application.berth.secrets ?? {},
  versions: settings.secretVersions,
}).values;

const server = new LocalServer("server", {
  projectRoot,
  stack: settings.stack,
  httpPort: settings.local.httpPort,
  httpsPort: settings.publicPort,
  sshPort: settings.local.sshPort,
});

const ready = new HostReady("ready", { projectRoot, server });
const host = new HostScripts("host", { projectRoot, server, after: [ready.step] });
const images = new Images("images", { server, release: built, after: [host.step] });

const database =
  declared?.kind === "postgres"
    ? new ComposeDatabase("database", {
        projectRoot,
        server,
        application,
        postgres: declared,
        release: built,
        secrets,
        after: [images.step],
      })
    : undefined;

const migrate = new Migrate("migrate", {
  settings,
  server,
  database,
  secrets,
  after: [images.step],
});
const release = new Release("release", {
  settings,
  server,
  migrated: migrate.run,
  after: [migrate.step],
});
const certificate = new Certificate("certificate", { settings, server, after: [release.step] });
const checks = new Checks("checks", { settings, server, after: [certificate.step] });

module.exports = {
  urls: settings.urls,
  ...secrets,
  serverAddress: server.publicAddress,
  login: pulumi.secret(server.connection),
  release: built.id,
  certificateRoot: certificate.root,
  checked: checks.step.id,
};
