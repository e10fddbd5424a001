# Purpose: Pulumi's language host for Node: the one that came with the official CLI, else built from its Go module. Sourced.
# Leaves: it beside the CLI, where Pulumi looks for it first; one that is only on PATH costs a warning on each run.
# shellcheck shell=bash

readonly language_host_file="$BERTH_CACHE/tools/pulumi-$PULUMI_CLI_VERSION/bin/pulumi-language-nodejs"

language_host_title() {
  echo "Pulumi language host for Node"
}

language_host_ready() {
  has_tool "pulumi-$PULUMI_CLI_VERSION" pulumi-language-nodejs
}

language_host_builds_with_go() {
  [[ ! -x $language_host_file ]] && ! official_reached pulumi
}

language_host_install() {
  if [[ -x $language_host_file ]]; then
    made_by "came with the CLI"
  elif ! pulumi_ready; then
    refuse "It belongs beside the Pulumi CLI, which is not set up: toolchain/setup.sh pulumi language-host"
  else
    go_build pulumi-language-nodejs github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs \
      "$language_host_file.unfinished" \
      "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$PULUMI_LANGUAGE_HOST_VERSION"
    mv "$language_host_file.unfinished" "$language_host_file"
    made_by "$PULUMI_LANGUAGE_HOST_VERSION, built from Go modules"
  fi
  link_commands "pulumi-$PULUMI_CLI_VERSION" pulumi-language-nodejs
}
