#!/usr/bin/env bash
# Purpose: `make ssh`: log in to the server with the stack's key and pinned host key.
# Inputs: STACK; COMMAND (default: a shell). Exit codes: 3 the stack was never up; 255 no login (says what to look at);
#   else those of the command.
# Safe to run twice: key and host key live in a folder of their own until ssh ends.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools >&2
# A first `up` that failed has given no outputs yet; its state knows the login once the host scripts are there.
if ! login=$(output login 2>/dev/null); then
  login=$(pulumi stack export --stack "$STACK" --show-secrets 2>/dev/null </dev/null | node --import tsx commands/state.ts login 2>/dev/null) || login=
  [[ -n $login ]] || stop 3 "stack $STACK has no login; bring it up first: make up"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# ssh looks for the usual port's key under the bare name.
# shellcheck disable=SC2016
read -r user host port < <(cd "$folder" && node -e '
  const { readFileSync, writeFileSync } = require("fs");
  const { host, port, user, privateKey, hostKey } = JSON.parse(readFileSync(0, "utf8"));
  writeFileSync("key", privateKey.trimEnd() + "\n", { mode: 0o600 });
  writeFileSync("known_hosts", `${port === 22 ? host : `[${host}]:${port}`} ${hostKey.trim()}\n`);
  console.log(user, host, port);' <<<"$login")
status=0 interrupted=
trap 'interrupted=yes' INT
# COMMAND is a command line for the server's shell.
# shellcheck disable=SC2029
ssh -i "$folder/key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$folder/known_hosts" -o StrictHostKeyChecking=yes \
  -o ConnectTimeout=30 -o LogLevel=ERROR -p "$port" "$user@$host" ${COMMAND:+"$COMMAND"} || status=$?
if ((status == 255)) && [[ -z $interrupted ]]; then
  printf 'error: no login to the server of stack %s, %s port %s (ssh says why above)\n' "$STACK" "$host" "$port" >&2
  printf 'next:  make status STACK=%s; a local server that was stopped is started by make up\n' "$STACK" >&2
fi
exit "$status"
