#!/usr/bin/env bash
# Purpose: see to it that nothing of the older installation starts by itself again: units, timers, cron. Sourced.
# Inputs: /etc/berth/adopt-from. Exit codes: none of its own.
# Safe to run twice: what is off stays off; what is changed is kept beside the dump first.

# Lines that name its folder or certbot, which has a timer of its own here.
readonly TURNED_OFF='# turned off by berth: '

# turn_off_leftovers FOLDER: FOLDER keeps what was changed.
turn_off_leftovers() {
  local kept=$1 unit file
  for unit in $(older_units); do
    forget_drop_in "$unit"
    cp -n "/etc/systemd/system/$unit" "$kept/" 2>/dev/null || true
    systemctl disable --quiet "$unit"
    say "unit $unit is disabled"
  done
  systemctl daemon-reload
  for file in /var/spool/cron/crontabs/* /etc/crontab /etc/cron.d/*; do
    if [[ -f $file ]]; then turn_off_lines "$file" "$kept"; fi
  done
  for file in /etc/cron.{hourly,daily,weekly,monthly}/*; do
    if [[ -x $file && $file != */certbot ]] && grep -qE -- "$(folder_pattern)" "$file"; then
      chmod a-x "$file"
      say "$file is turned off"
    fi
  done
}

turn_off_lines() {
  local file=$1 kept=$2 changed
  # Debian's own entry of the package steps aside for the timer by itself.
  [[ $file != /etc/cron.d/certbot ]] || return 0
  changed=$(PATTERN="$(folder_pattern)|certbot" awk -v mark="$TURNED_OFF" \
    '!/^[[:space:]]*#/ && $0 ~ ENVIRON["PATTERN"] { print mark $0; next } { print }' "$file")
  if [[ $changed != "$(<"$file")" ]]; then
    cp -pn "$file" "$kept/cron-$(basename "$file")"
    # In place, so that owner and mode stay.
    printf '%s\n' "$changed" >"$file"
    say "lines of $file are turned off"
  fi
}
