#!/bin/sh
# Purpose: what packages call during the first boot to compile their Python: it is done beside the next ones, on a
#   processor that would be idle; cloud-init awaits it by the lock.
# Inputs: arguments of py3compile. Exit codes: 0; 1 no lock.
# Safe to run twice: as py3compile itself. The end of the first boot removes it.
exec 9>>/run/berth-first-boot.lock
flock --shared 9 || exit 1
setsid /usr/bin/py3compile "$@" </dev/null >/dev/null 2>&1 &
