# Purpose: run a step with one line of progress and its elapsed time. Sourced.
# Functions: run_step TITLE COMMAND..., and for the command itself: doing TEXT, made_by TEXT, refuse TEXT.
# Reads: BERTH_CACHE (the step's output goes to log/setup-*.log there). Sets: FAILED_STEPS (titles).
# shellcheck shell=bash

progress_ticker=
progress_notes=
# On a terminal a line is written over the one that is there.
progress_line_start=
if [[ -t 1 ]]; then progress_line_start=$'\r\033[K'; fi
FAILED_STEPS=()

# Said by a step: what it does now ("building from Go modules").
doing() {
  printf '%s' "$1" >"$progress_notes/doing"
}

# Said by a step when done: where the thing came from ("built from Go modules").
made_by() {
  printf '%s' "$1" >"$progress_notes/made-by"
}

# Ends a step: the text is shown in place of the log's last lines.
refuse() {
  printf '%s\n' "$1" >"$progress_notes/refusal"
  exit 65
}

# Runs the command in the background with its output in a log, and adds the title to FAILED_STEPS when it fails.
# Returns 0 and is called plainly: behind `||` or `if` the step would not stop at its first error, whatever it sets.
run_step() {
  local title=$1 started=$SECONDS log job code=0
  shift
  log="$BERTH_CACHE/log/setup-${1%_install}.log"
  progress_notes=$(mktemp -d)
  # A process group of its own, so that an interrupt ends all that the step has started.
  set -m
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null &
  job=$!
  set +m
  show_waiting "$title" "$started" 9>&- &
  progress_ticker=$!
  wait "$job" || code=$?
  stop_ticker

  if ((code == 0)); then
    printf '%s  ✓ %s%s  %d s\n' "$progress_line_start" "$title" "$(note made-by ' (' ')')" "$((SECONDS - started))"
  else
    printf '%s  ✗ %s%s  %d s\n' "$progress_line_start" "$title" "$(note doing ' (' ')')" "$((SECONDS - started))" >&2
    show_failure "$log"
    FAILED_STEPS+=("$title")
  fi
  rm -rf "$progress_notes"
  progress_notes=
}

show_waiting() {
  local title=$1 started=$2 next=5 elapsed columns line
  # The sleep must not hold our output open when it outlives us by a moment; nor may this loop outlive a killed set-up.
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    elapsed=$((SECONDS - started))
    if [[ -t 1 ]]; then
      columns=$(tput cols 2>/dev/null || echo 80)
      line="$title$(note doing ': ' '')"
      printf '%s  … %s  %d s' "$progress_line_start" "${line:0:columns-14}" "$elapsed"
    elif ((elapsed >= next)); then
      printf '  … %s: still %s… %d s\n' "$title" "$(note doing '' '' working)" "$elapsed"
      next=$(((elapsed / 30 + 1) * 30))
    fi
  done
}

show_failure() {
  if [[ -s $progress_notes/refusal ]]; then
    sed 's/^/    /' "$progress_notes/refusal" >&2
  else
    tail -n 20 "$1" | sed 's/^/    | /' >&2
    printf '    the whole log: %s\n' "$1" >&2
  fi
}

# The note of that name between $2 and $3, or $4 when the step left none.
note() {
  local text
  if text=$(cat "$progress_notes/$1" 2>/dev/null) && [[ -n $text ]]; then
    printf '%s%s%s' "$2" "$text" "$3"
  else
    printf '%s' "${4:-}"
  fi
}

stop_ticker() {
  if [[ -n $progress_ticker ]]; then
    kill "$progress_ticker" 2>/dev/null || true
    wait "$progress_ticker" 2>/dev/null || true
    progress_ticker=
  fi
}

# For the trap of whoever runs steps: leaves no process and no file behind.
end_steps() {
  local job
  stop_ticker
  # All that bash knows: a signal may come before a variable holds the one that was just started.
  for job in $(jobs -rp); do
    kill -TERM -- "-$job" 2>/dev/null || kill -TERM "$job" 2>/dev/null || true
    wait "$job" 2>/dev/null || true
  done
  if [[ -n $progress_notes ]]; then
    rm -rf "$progress_notes"
  fi
}
