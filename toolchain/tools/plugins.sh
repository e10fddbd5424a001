# Purpose: Pulumi's plugins command, random and tls: the official ones, else the stand-ins of toolchain/plugins. Sourced.
# Leaves: the official ones in Pulumi's own folder, or plugins/<hash of the sources> in the cache with a link
#   plugins/current to it, and pulumi-home/, which env.sh then makes Pulumi's folder: in the user's own one other
#   projects would take them for the official ones.
# shellcheck shell=bash

readonly plugin_names=(command random tls)

plugins_title() {
  echo "Pulumi plugins command $PULUMI_COMMAND_VERSION, random $PULUMI_RANDOM_VERSION, tls $PULUMI_TLS_VERSION"
}

plugin_version() {
  case "$1" in
    command) echo "$PULUMI_COMMAND_VERSION" ;;
    random) echo "$PULUMI_RANDOM_VERSION" ;;
    tls) echo "$PULUMI_TLS_VERSION" ;;
  esac
}

plugins_ready() {
  if [[ -L $BERTH_CACHE/plugins/current ]]; then
    [[ $(readlink "$BERTH_CACHE/plugins/current") == "$(plugins_hash)" && -e $BERTH_CACHE/plugins/current/whole ]] &&
      stand_ins_in_home
  else
    official_plugins_installed
  fi
}

stand_in_home_folder() {
  printf '%s/pulumi-home/plugins/resource-%s-v%s' "$BERTH_CACHE" "$1" "$(plugin_version "$1")"
}

stand_ins_in_home() {
  local name
  for name in "${plugin_names[@]}"; do
    [[ -x $(stand_in_home_folder "$name")/pulumi-resource-$name ]] || return 1
  done
}

# The user's own; env.sh may have put the stand-ins' in its place.
official_home() {
  if [[ -n ${PULUMI_HOME:-} && $PULUMI_HOME != "$BERTH_CACHE/pulumi-home" ]]; then
    echo "$PULUMI_HOME"
  else
    echo "$HOME/.pulumi"
  fi
}

official_plugins_installed() {
  local name folder
  for name in "${plugin_names[@]}"; do
    folder="$(official_home)/plugins/resource-$name-v$(plugin_version "$name")"
    [[ -d $folder && ! -e $folder.partial ]] || return 1
  done
}

plugins_place() {
  echo plugins
}

# The build bundles npm packages into them.
plugins_hash() {
  printf '%s-%s' "$(hash_of_sources "$TOOLCHAIN/plugins" | cut -c 1-12)" \
    "$(sha256_of "$BERTH_ROOT/package-lock.json" | cut -c 1-12)"
}

plugins_install() {
  if official_reached plugins && plugins_from_publisher; then
    rm -f "$BERTH_CACHE/plugins/current"
    made_by "from their publisher"
  else
    plugins_stand_in
    made_by "stand-ins built from toolchain/plugins"
  fi
}

plugins_from_publisher() {
  local name
  doing "downloading from their publisher"
  for name in "${plugin_names[@]}"; do
    # Without a mirror Pulumi knows its places itself.
    PULUMI_HOME=$(official_home) "$BERTH_CACHE/bin/pulumi" plugin install resource "$name" "$(plugin_version "$name")" \
      ${BERTH_OFFICIAL_PLUGINS_URL:+--server "$BERTH_OFFICIAL_PLUGINS_URL"} || return 1
  done
}

plugins_stand_in() {
  local hash folder
  doing "building the stand-ins"
  hash=$(plugins_hash)
  folder="$BERTH_CACHE/plugins/$hash"
  if [[ ! -e $folder/whole ]]; then
    mkdir -p "$folder"
    # The mark comes last: a build that was interrupted does not count.
    PATH="$BERTH_CACHE/bin:$PATH" "$TOOLCHAIN/plugins/build.sh" "$folder"
    touch "$folder/whole"
  fi
  local name home
  for name in "${plugin_names[@]}"; do
    home=$(stand_in_home_folder "$name")
    mkdir -p "$home"
    # Through the link, so that a later build is used at once.
    replace_link "$BERTH_CACHE/plugins/current/$name.cjs" "$home/$name.cjs"
    replace_link "$BERTH_CACHE/plugins/current/pulumi-resource-$name" "$home/pulumi-resource-$name"
  done
  replace_link "$hash" "$BERTH_CACHE/plugins/current"
}
