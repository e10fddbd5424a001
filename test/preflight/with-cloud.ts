import { after, afterEach, before } from "node:test";
import type { PreflightSettings } from "../../preflight/settings";
import { look, useCloud, type Circumstances } from "./looking";
import { startCloud, type SimulatedCloud } from "./simulated-cloud";

/** A simulated cloud for the tests of one file. */
export interface TestCloud {
  readonly cloud: SimulatedCloud;
  /** What pre-flight finds with changed settings. */
  readonly findings: (
    changes?: Partial<PreflightSettings>,
    circumstances?: Circumstances,
  ) => Promise<readonly string[]>;
}

/**
 * Has a cloud for the tests of a file: started before the first, its account emptied after each.
 *
 * @param usual settings that pass
 */
export function withCloud(usual: PreflightSettings): TestCloud {
  let cloud: SimulatedCloud;
  before(async () => {
    cloud = await startCloud();
    useCloud(cloud);
  });
  afterEach(() => {
    cloud.account();
    cloud.empty();
    useCloud(cloud);
  });
  after(() => cloud.stop());
  return {
    get cloud() {
      return cloud;
    },
    findings: async (changes = {}, circumstances = {}) =>
      (await look(cloud, { ...usual, ...changes }, circumstances)).findings,
  };
}
