import type { CloudType } from "../core/cloud-type";
import type { State } from "../core/state";
import { droplets, tags, volumes } from "./records";
import { lowerCase, text, withForms } from "./shapes";

/** `Tag`: a name that resources carry. Making one that is there already is no error. */
export const tag: CloudType = {
  autoName: "name",
  canonical: (inputs) => withForms(inputs, { name: lowerCase }),

  create({ state }, inputs) {
    const name = text(inputs, "name");
    makeTags(state, [name]);
    return Promise.resolve({ id: name, outputs: outputs(state, name) });
  },

  read: ({ state, id }) => Promise.resolve(state.get(tags, id.toLowerCase()) && outputs(state, id)),

  /** What carries it loses it. */
  async delete({ state, id }) {
    await state.locked(() => {
      const isOther = (one: string) => one.toLowerCase() !== id.toLowerCase();
      for (const one of state.list(droplets)) {
        state.put(droplets, String(one.id), { ...one, tags: one.tags.filter(isOther) });
      }
      for (const one of state.list(volumes)) {
        state.put(volumes, one.id, { ...one, tags: one.tags.filter(isOther) });
      }
      state.remove(tags, id.toLowerCase());
    });
  },
};

/** Makes the tags that are not there yet, as naming them on a resource does. */
export function makeTags(state: State, names: readonly string[]): void {
  for (const name of names) {
    const id = name.toLowerCase();
    if (state.get(tags, id) === undefined) state.put(tags, id, { id, name, outputs: {} });
  }
}

function outputs(state: State, name: string) {
  const has = (one: { tags: string[] }) =>
    one.tags.some((other) => other.toLowerCase() === name.toLowerCase());
  const dropletsCount = state.list(droplets).filter(has).length;
  const volumesCount = state.list(volumes).filter(has).length;
  return {
    ...{ name, dropletsCount, volumesCount },
    totalResourceCount: dropletsCount + volumesCount,
    ...{ databasesCount: 0, imagesCount: 0, volumeSnapshotsCount: 0 },
  };
}
