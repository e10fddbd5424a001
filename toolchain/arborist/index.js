"use strict";

/** What the SDK asks for the packages of functions that it uploads to a cloud; berth uploads none. */
exports.Arborist = function Arborist() {
  throw new Error(
    "functions cannot be serialized in this project: @npmcli/arborist is left out, see docs/adr/0018-what-a-command-loads.md",
  );
};
