#!/usr/bin/env bash
# Purpose: progress and failure messages of the host scripts. Sourced, never run.
# Inputs: none. Exit codes: `fail` ends the calling script with the code it is given.
# Safe to run twice: it only defines functions.

# Progress goes to stderr: stdout is each step's result, which Pulumi keeps.
say() { printf '%s\n' "$*" >&2; }

# What a person is to see though all goes well: it stays on the terminal, with lines that follow it indented.
notice() { printf 'notice: %s\n' "$*" >&2; }

fail() {
  local code=$1
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}
