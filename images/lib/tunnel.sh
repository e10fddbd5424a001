#!/usr/bin/env bash
# Purpose: one SSH tunnel from a free port of 127.0.0.1 here to the registry on the server. Sourced, never run.
# Inputs: variables SSH_HOST, SSH_PORT, SSH_USER, PRIVATE_KEY, HOST_KEY.
# Exit codes: 69 the tunnel could not be opened. Safe to run twice: each call opens a tunnel of its own.

readonly registry_on_server=127.0.0.1:5000
# Should the script be killed, its tunnel ends by itself after that.
readonly tunnel_lives_seconds=1800
readonly login_seconds=60 port_tries=5
tunnel_process=

# open_tunnel FOLDER   sets registry to host:port; key and control socket lie in FOLDER, which the caller removes
open_tunnel() {
  local folder=$1 attempt port host=$SSH_HOST
  [[ $SSH_PORT == 22 ]] || host="[$SSH_HOST]:$SSH_PORT"
  printf '%s %s\n' "$host" "$HOST_KEY" >"$folder/known_hosts"
  (umask 077 && printf '%s\n' "$PRIVATE_KEY" >"$folder/key")

  for ((attempt = 1; attempt <= port_tries; attempt++)); do
    # Outside the range from which systems take ports for outgoing connections.
    port=$((20000 + (RANDOM % 12000)))
    # shellcheck disable=SC2034 # lib/registry.sh uses it
    registry=127.0.0.1:$port
    if try_port "$folder" "$port"; then return; fi
    grep -q 'Address already in use' "$folder/ssh.log" || break
  done
  fail 69 "no SSH tunnel to $SSH_USER@$SSH_HOST port $SSH_PORT: $(tunnel_reason "$folder/ssh.log")"
}

try_port() {
  local folder=$1 port=$2 deadline=$((SECONDS + login_seconds))
  timeout "$tunnel_lives_seconds" ssh -F /dev/null -N -M -S "$folder/control" \
    -L "127.0.0.1:$port:$registry_on_server" -p "$SSH_PORT" -l "$SSH_USER" -i "$folder/key" \
    -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o ExitOnForwardFailure=yes \
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$folder/known_hosts" -o GlobalKnownHostsFile=/dev/null \
    -o ConnectTimeout="$login_seconds" -o ServerAliveInterval=10 -o ServerAliveCountMax=3 -o Compression=no \
    "$SSH_HOST" >"$folder/ssh.log" 2>&1 </dev/null &
  tunnel_process=$!
  # ssh answers on its control socket when it has logged in and listens.
  until ssh -F /dev/null -S "$folder/control" -O check berth 2>/dev/null; do
    if ! kill -0 "$tunnel_process" 2>/dev/null; then
      tunnel_process=
      return 1
    fi
    if ((SECONDS >= deadline)); then
      close_tunnel
      return 1
    fi
    sleep 0.05
  done
}

tunnel_reason() {
  if grep -q 'Host key verification failed' "$1"; then
    printf 'its host key is not the one that was recorded'
  elif [[ -s $1 ]]; then
    tail -n 1 "$1"
  else
    printf 'no answer within %s s' "$login_seconds"
  fi
}

close_tunnel() {
  [[ -n $tunnel_process ]] || return 0
  kill "$tunnel_process" 2>/dev/null || true
  wait "$tunnel_process" 2>/dev/null || true
  tunnel_process=
}
