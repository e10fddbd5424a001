# Sets the environment that berth's commands run in. Sourced: `. toolchain/env.sh` (any POSIX shell).
#
# Reads, and respects when set: BERTH_CACHE, BERTH_CA_BUNDLE, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE.
# Exports: those, PATH with the cache's tools first, the settings of Pulumi and Node below, BERTH_PLUGINS
#   (official | stand-in), PULUMI_HOME where the stand-ins are used.
# Unsets SSH_AUTH_SOCK: berth logs in with its own keys, never with the operator's agent.
# Safe to source twice; makes no file.
# shellcheck shell=sh

export BERTH_CACHE="${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}"

case ":$PATH:" in
  *":$BERTH_CACHE/bin:"*) ;;
  *) PATH="$BERTH_CACHE/bin:$PATH" ;;
esac

# setup.sh makes this link only where the official plugins could not be had.
if [ -d "$BERTH_CACHE/plugins/current" ]; then
  export BERTH_PLUGINS=stand-in
  export PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true
  export PULUMI_HOME="$BERTH_CACHE/pulumi-home"
else
  export BERTH_PLUGINS=official
  if [ "${PULUMI_HOME:-}" = "$BERTH_CACHE/pulumi-home" ]; then
    unset PULUMI_HOME
  fi
fi
export PATH

export PULUMI_BACKEND_URL="${PULUMI_BACKEND_URL:-file://$BERTH_CACHE/state}"
export PULUMI_CONFIG_PASSPHRASE_FILE="${PULUMI_CONFIG_PASSPHRASE_FILE:-$BERTH_CACHE/passphrase}"
export PULUMI_SKIP_UPDATE_CHECK=true
export PULUMI_ERROR_OUTPUT_STRING=true
export PULUMI_NODEJS_TRANSPILE_ONLY=true
export NODE_COMPILE_CACHE="$BERTH_CACHE/node-compile-cache"

if [ -z "${BERTH_CA_BUNDLE:-}" ] && [ -n "${SSL_CERT_FILE:-}" ] && [ -f "${SSL_CERT_FILE:-}" ]; then
  BERTH_CA_BUNDLE="$SSL_CERT_FILE"
fi
if [ -n "${BERTH_CA_BUNDLE:-}" ]; then
  export BERTH_CA_BUNDLE
fi

unset SSH_AUTH_SOCK
