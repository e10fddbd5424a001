#!/usr/bin/env bash
# Purpose: the last backup before ci/destroy.sh, encrypted, as the runner's disk goes with the job and artifacts can be
#   fetched by whoever reads the repository.
#   Leaves artifacts/backups/<time>-<database>.dump.enc. To read one:
#     openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass file:FILE -in X.dump.enc -out X.dump
# Inputs: STACK; CONFIRM, the stack's name; BACKUP_PASSPHRASE (a secret); SKIP_BACKUP=yes leaves it out.
# Exit codes: 64 CONFIRM or BACKUP_PASSPHRASE is missing; else those of commands/last-backup.sh.
# Safe to run twice: each run makes files of its own.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
[[ ${CONFIRM:-} == "$STACK" ]] || stop 64 "CONFIRM is \"${CONFIRM:-}\"; to remove stack $STACK it must be \"$STACK\""
mkdir -p artifacts/backups
if [[ ${SKIP_BACKUP:-} == yes ]]; then
  printf 'No last backup, as was asked for.\n' | report
  exit 0
fi
use_tools
select_stack
if [[ $(pulumi stack export --stack "$STACK" </dev/null | node --import tsx commands/state.ts database) != compose ]]; then
  printf 'Stack %s has no database on its server; a managed one leaves a final snapshot.\n' "$STACK" | report
  exit 0
fi
[[ -n ${BACKUP_PASSPHRASE:-} ]] ||
  stop 64 "BACKUP_PASSPHRASE is not set, so the backup can't be kept; set that secret of the environment, or choose to go without a backup"
(umask 077 && printf '%s' "$BACKUP_PASSPHRASE" >"$scratch/backup-passphrase")
unset BACKUP_PASSPHRASE
touch "$scratch/started"
commands/last-backup.sh
for dump in "${BERTH_PROJECT:-$BERTH_CACHE}/backups/$STACK"/*.dump; do
  [[ $dump -nt $scratch/started ]] || continue
  encrypted=artifacts/backups/$(basename "$dump").enc
  openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass "file:$scratch/backup-passphrase" -in "$dump" -out "$encrypted"
  openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass "file:$scratch/backup-passphrase" -in "$encrypted" | cmp - "$dump"
  printf 'Backup: %s\n' "$(basename "$encrypted")" | report
done
