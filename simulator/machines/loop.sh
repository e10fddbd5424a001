#!/usr/bin/env bash
# Purpose: free the loop devices of a volume's image file; with `grow`, tell them that the file has grown.
# Inputs: argument 1 the file; argument 2 free or grow. Exit codes: those of losetup.
# Safe to run twice: nothing happens when there is none.
set -euo pipefail
losetup --associated "$1" --noheadings --output NAME | while read -r loop; do
  if [[ $2 == grow ]]; then losetup --set-capacity "$loop"; else losetup --detach "$loop"; fi
done
