import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Release } from "../../../lib/release-file";
import { ended, output } from "../../support/script";
import type { ExistingMachine } from "./existing-machine";

const SOURCES = join(__dirname, "..", "older");
const API = "battery-hub/api";

/** Folder of the installation on the machine. */
export const FOLDER = "/opt/battery-hub";

/** What the older script left on a server: containers, a database of another version, a unit, cron lines. */
export class OlderInstallation {
  constructor(private readonly machine: ExistingMachine) {}

  /** Sets it up and starts it, with rows at an older revision of the application's schema. */
  async create(): Promise<void> {
    const { machine } = this;
    // Its API is the application's own image.
    const api = await this.buildApi();
    await output("images/base.sh", [], { env: { BERTH_BASE_IMAGE: "debian:bookworm-slim" } });
    await output("docker", ["build", "--quiet", "--tag", "battery-hub-older", SOURCES]);
    await machine.shell(`export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
apt-get install -q -y --no-install-recommends docker.io docker-cli docker-compose certbot >/dev/null 2>&1`);
    await output("bash", [
      ...["-o", "pipefail", "-c"],
      `load() { docker exec --interactive ${machine.name} docker load --quiet; }
docker save battery-hub-older | load && load <${api}`,
    ]);
    const files: Record<string, [string, string?]> = {
      "docker-compose.yml": [`${FOLDER}/docker-compose.yml`, "0644"],
      env: [`${FOLDER}/.env`],
      "nginx.conf": [`${FOLDER}/nginx/nginx.conf`, "0644"],
      "api.py": [`${FOLDER}/api.py`, "0644"],
      "battery-hub.service": ["/etc/systemd/system/battery-hub.service", "0644"],
      crontab: ["/var/spool/cron/crontabs/root"],
    };
    for (const [name, [path, mode]] of Object.entries(files)) {
      await machine.write(path, readFileSync(join(SOURCES, name), "utf8"), mode);
    }
    await machine.shell(`cd ${FOLDER}
mkdir -p nginx/ssl logs backups
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=hub.example.org \\
  -keyout nginx/ssl/privkey.pem -out nginx/ssl/fullchain.pem 2>/dev/null
lineage=/etc/letsencrypt/live/hub.example.org
mkdir -p $lineage /etc/letsencrypt/renewal
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=hub.example.org \\
  -addext subjectAltName=DNS:hub.example.org,DNS:api.hub.example.org,DNS:panel.hub.example.org \\
  -keyout $lineage/privkey.pem -out $lineage/fullchain.pem 2>/dev/null
printf 'cert = x\\n[renewalparams]\\nauthenticator = standalone\\n' >/etc/letsencrypt/renewal/hub.example.org.conf
docker compose up -d postgres 2>/dev/null
for _ in {1..300}; do
  if docker exec battery-hub-postgres pg_isready -q -h 127.0.0.1 && [[ $(docker exec battery-hub-postgres \\
    psql -U beppp -Atc 'SELECT 1' 2>/dev/null) == 1 ]]; then break; fi
  sleep 0.2
done
docker run --rm --network battery-hub_default -e DB_HOST=postgres -e DB_NAME=beppp -e DB_USER=beppp \\
  -e DB_PASSWORD=older-superuser battery-hub/api alembic upgrade 0003 >/dev/null 2>&1`);
    await this.sql(readFileSync(join(SOURCES, "roles.sql"), "utf8"));
    await machine.shell(`systemctl daemon-reload
systemctl enable --quiet --now battery-hub.service`);
  }

  /** Builds the application's API and gives an archive of it; its tag may name the image of another release by then. */
  private async buildApi(): Promise<string> {
    const file = join(this.machine.folder, "older-release.json");
    const archive = join(this.machine.folder, "api.tar");
    // An archive for Docker can be made of layers in gzip only.
    const compression = ["--compression", "gzip"];
    await output("node", ["--import", "tsx", "images/build.ts", "--output", file, ...compression]);
    const { images } = JSON.parse(readFileSync(file, "utf8")) as Release;
    const { digest } = Object.values(images).find(({ repository }) => repository === API)!;
    const store = join(process.env.BERTH_CACHE ?? "", "oci");
    await output("skopeo", [
      ...["copy", "--quiet", "--src-shared-blob-dir", join(store, "blobs")],
      `oci:${store}/images/${digest.replace(":", "-")}:image`,
      `docker-archive:${archive}:${API}:latest`,
    ]);
    return archive;
  }

  /** Runs statements in its database as its superuser. */
  async sql(statements: string): Promise<string> {
    return output(
      "docker",
      [
        ...["exec", "--interactive", this.machine.name, "docker", "exec", "--interactive"],
        ...["battery-hub-postgres", "psql", "-U", "beppp", "-v", "ON_ERROR_STOP=1", "-qAt"],
      ],
      { stdin: statements },
    );
  }

  /** Ids of the rows whose commit it was told of. */
  async committed(): Promise<string[]> {
    return (await this.machine.run("cat", `${FOLDER}/logs/committed`)).split("\n");
  }

  /** Whether it answers at the machine's own address. */
  async serves(): Promise<boolean> {
    const url = `http://${this.machine.address}/`;
    const { stdout } = await ended("curl", ["-s", "--noproxy", "*", "--max-time", "5", url]);
    return stdout === "older\n";
  }

  /** Hash over its files, but for what it logs itself. */
  async files(): Promise<string> {
    return this.machine.shell(`cd ${FOLDER}
sha256sum docker-compose.yml .env api.py nginx/nginx.conf nginx/ssl/*`);
  }
}
