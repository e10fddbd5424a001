# Purpose: Pulumi's language host for Node: the one that came with the official CLI, else built from its Go module. Sourced.
# shellcheck shell=bash

language_host_title() {
  if language_host_came_with_cli; then
    echo "Pulumi language host for Node $PULUMI_CLI_VERSION"
  else
    echo "Pulumi language host for Node $PULUMI_LANGUAGE_HOST_VERSION"
  fi
}

language_host_came_with_cli() {
  [[ -x $BERTH_CACHE/tools/pulumi-$PULUMI_CLI_VERSION/bin/pulumi-language-nodejs ]]
}

language_host_ready() {
  if language_host_came_with_cli; then
    has_tool "pulumi-$PULUMI_CLI_VERSION" pulumi-language-nodejs
  else
    has_tool "pulumi-language-nodejs-$PULUMI_LANGUAGE_HOST_VERSION" pulumi-language-nodejs
  fi
}

language_host_builds_with_go() {
  ! language_host_came_with_cli && ! official_reached pulumi
}

language_host_install() {
  local name="pulumi-language-nodejs-$PULUMI_LANGUAGE_HOST_VERSION"
  if language_host_came_with_cli; then
    link_commands "pulumi-$PULUMI_CLI_VERSION" pulumi-language-nodejs
    made_by "came with the CLI"
    return
  fi
  start_tool "$name"
  go_build pulumi-language-nodejs github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs \
    "$STAGING/bin/pulumi-language-nodejs" \
    "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$PULUMI_LANGUAGE_HOST_VERSION"
  finish_tool "$name"
  link_commands "$name" pulumi-language-nodejs
  made_by "built from Go modules"
}
