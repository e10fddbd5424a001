import { rule } from "../rule";
import { DROPLET, INSTANCE } from "../types";
import { userDataOf } from "../user-data";

/** Largest user data in bytes; EC2 refuses more than 16384, and every target gets the same. */
export const LARGEST_USER_DATA_BYTES = 12 * 1024;

/** User data fits every cloud, with room for what a stack adds. */
export const userDataSize = rule({
  name: "user-data-size",
  description: `User data has at most ${LARGEST_USER_DATA_BYTES} bytes.`,
  types: [DROPLET, INSTANCE],
  check: ({ name, props }) => {
    const bytes = userDataOf(props)?.byteLength ?? 0;
    return bytes <= LARGEST_USER_DATA_BYTES
      ? []
      : [
          `${name} gets ${bytes} bytes of user data; allowed are ${LARGEST_USER_DATA_BYTES}. Move what is new to a host script.`,
        ];
  },
});
