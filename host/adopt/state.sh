#!/usr/bin/env bash
# Purpose: whether an older installation is to be taken over, and how far that is. Sourced, never run.
#   /etc/berth/adopt-from   its folder, written by host/adopt.sh from the stack's configuration
#   /etc/berth/adopted      the folder that was taken over, once the new release serves
#   /srv/berth/<app>/adoption/   stopped: the older one was stopped; restored: its rows are in berth's database;
#     old.dump, old.rows: the last dump and its counts and sums; migrate-inputs: values for another try
# Inputs: none. Exit codes: none of its own.
# Safe to run twice: it only defines functions.

adopt_from() { cat /etc/berth/adopt-from 2>/dev/null || true; }

# True from the wish until the new release serves.
adoption_pending() { [[ -n $(adopt_from) && $(cat /etc/berth/adopted 2>/dev/null) != "$(adopt_from)" ]]; }

adoption_folder() { printf '/srv/berth/%s/adoption' "$1"; }

# adoption_is WORD APP, adoption_mark WORD APP, adoption_unmark WORD APP: the words stopped and restored.
adoption_is() { [[ -e $(adoption_folder "$2")/$1 ]]; }
adoption_mark() { install -m 0600 /dev/null "$(adoption_folder "$2")/$1"; }
adoption_unmark() { rm -f "$(adoption_folder "$2")/$1"; }
