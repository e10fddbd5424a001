import { rule } from "../rule";
import { INSTANCE } from "../types";

/** Metadata, and with it user data and credentials, are read with a token and from the instance itself only. */
export const instanceMetadata = rule({
  name: "instance-metadata",
  description: "Instances serve metadata by IMDSv2, one hop far.",
  types: [INSTANCE],
  check: ({ name, props }) => {
    const options = (props.metadataOptions ?? {}) as Record<string, unknown>;
    const { httpTokens, httpPutResponseHopLimit: hops } = options;
    return [
      ...(httpTokens === "required"
        ? []
        : [`${name} serves metadata without a token; set metadataOptions.httpTokens: "required".`]),
      ...(hops === 1
        ? []
        : [
            `${name} serves metadata ${typeof hops === "number" ? `${hops} hops` : "AWS's default of hops"} far, ` +
              "which containers may reach; set metadataOptions.httpPutResponseHopLimit: 1.",
          ]),
    ];
  },
});
