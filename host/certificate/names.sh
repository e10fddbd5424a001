#!/usr/bin/env bash
# Purpose: wait until the public names lead to this server. Sourced by certificate.sh, never run.
# Inputs: none. Exit codes: those of each function.
# Safe to run twice: it only asks the server's resolver.

# Prints a line for each record that is missing or leads elsewhere; nothing when all names lead here.
# wrong_records DOMAINS ADDRESS
wrong_records() {
  local domain found other
  for domain in $1; do
    # `hosts` gives the IPv6 addresses where there are any, also on a server that has none itself.
    found=$({ getent ahostsv4 "$domain" || true; getent hosts "$domain" || true; } | awk '{ print $1 }' | sort -u)
    grep -qxF "$2" <<<"$found" || printf '  %s  A  %s\n' "$domain" "$2"
    while read -r other; do
      if [[ -z $other || $other == "$2" ]] || is_own_address "$other"; then continue; fi
      if [[ $other == *:* ]]; then
        printf '  %s  AAAA  remove it: it leads to %s\n' "$domain" "$other"
      else
        printf '  %s  A  remove it: it leads to %s\n' "$domain" "$other"
      fi
    done <<<"$found"
  done
}

# An IPv6 address of this server's own leads here as well.
is_own_address() {
  [[ $1 == *:* ]] && ip -oneline -6 address show scope global 2>/dev/null | awk '{ print $4 }' | grep -qE "^$1/[0-9]+$"
}

# await_names DOMAINS ADDRESS SECONDS: returns 1 when records are wrong at the end; sets WRONG_RECORDS.
await_names() {
  local deadline=$((SECONDS + $3)) told=
  WRONG_RECORDS=$(wrong_records "$1" "$2")
  while [[ -n $WRONG_RECORDS ]]; do
    ((SECONDS < deadline)) || return 1
    if [[ $WRONG_RECORDS != "$told" ]]; then
      notice "waiting up to $((deadline - SECONDS)) s for DNS records (name, type, value):"$'\n'"$WRONG_RECORDS"
      told=$WRONG_RECORDS
    fi
    sleep 2
    WRONG_RECORDS=$(wrong_records "$1" "$2")
  done
}
