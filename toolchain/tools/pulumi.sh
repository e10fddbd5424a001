# Purpose: Pulumi CLI: the official one, else built from its Go module. Sourced.
# shellcheck shell=bash

pulumi_title() {
  echo "Pulumi CLI $PULUMI_CLI_VERSION"
}

pulumi_ready() {
  has_tool "pulumi-$PULUMI_CLI_VERSION" pulumi
}

pulumi_place() {
  echo pulumi
}

pulumi_builds_with_go() {
  ! official_reached pulumi
}

pulumi_install() {
  start_tool "pulumi-$PULUMI_CLI_VERSION"
  if official_reached pulumi && pulumi_from_publisher; then
    made_by "from get.pulumi.com"
  else
    go_build pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi "$STAGING/bin/pulumi" \
      "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$PULUMI_CLI_VERSION"
    made_by "built from Go modules"
  fi
  [[ $("$STAGING/bin/pulumi" version) == "v$PULUMI_CLI_VERSION" ]]
  finish_tool "pulumi-$PULUMI_CLI_VERSION"
  link_commands "pulumi-$PULUMI_CLI_VERSION" pulumi
}

# The archive holds the language hosts too; the Node one is kept beside the CLI, see language-host.sh.
pulumi_from_publisher() {
  doing "downloading from get.pulumi.com"
  official_file pulumi "pulumi-v$PULUMI_CLI_VERSION-$(system_name)-$(processor_for x64).tar.gz" \
    "pulumi-$PULUMI_CLI_VERSION-checksums.txt" "$STAGING/pulumi.tar.gz" || return 1
  tar -xzf "$STAGING/pulumi.tar.gz" -C "$STAGING" &&
    mv "$STAGING"/pulumi/pulumi "$STAGING"/pulumi/pulumi-*-nodejs* "$STAGING/bin/" &&
    rm -rf "$STAGING/pulumi" "$STAGING/pulumi.tar.gz"
}
