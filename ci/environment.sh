#!/usr/bin/env bash
# Purpose: what the CI scripts share: the stack, no questions, the passphrase as a file, the job's summary. Sourced.
# Inputs: STACK; PULUMI_CONFIG_PASSPHRASE (a secret; kept in a file of mode 0600 until the script ends, then no child has
#   it in its environment); STATE_ACCESS_KEY_ID, STATE_SECRET_ACCESS_KEY (secrets, for a state in S3-compatible storage
#   outside of AWS); GITHUB_STEP_SUMMARY (file; unset: no summary).
# Exit codes: 64 STACK is not set, or two accounts are given for the state.
# Safe to run twice: it only sets variables.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
export CI=true
if [[ -z ${STACK:-} ]]; then
  printf 'error: STACK is not set; give the name of a stack\n' >&2
  exit 64
fi
source commands/stack.sh
source commands/stack-copy.sh

scratch=$(mktemp -d)
leave() {
  drop_deployed_release
  rm -rf "$scratch"
}
trap leave EXIT
if [[ -n ${PULUMI_CONFIG_PASSPHRASE:-} ]]; then
  (umask 077 && printf '%s' "$PULUMI_CONFIG_PASSPHRASE" >"$scratch/passphrase")
  export PULUMI_CONFIG_PASSPHRASE_FILE=$scratch/passphrase
fi
unset PULUMI_CONFIG_PASSPHRASE
if [[ -n ${STATE_ACCESS_KEY_ID:-} ]]; then
  [[ -z ${AWS_ACCESS_KEY_ID:-} ]] ||
    stop 64 "STATE_ACCESS_KEY_ID and a role at AWS are both set; let the role reach the state and drop the secret, or the other way round"
  export AWS_ACCESS_KEY_ID=$STATE_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY=${STATE_SECRET_ACCESS_KEY:-}
fi
unset STATE_ACCESS_KEY_ID STATE_SECRET_ACCESS_KEY

# report: what stdin says, in the log and on the job's page.
report() { tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"; }
