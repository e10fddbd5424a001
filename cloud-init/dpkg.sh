#!/bin/sh
# Purpose: what apt calls instead of dpkg during the first boot: no package starts its services by itself, and none makes
#   systemd read all units anew, two or three times each; cloud-init does both once for all of them, behind the firewall.
#   Python is compiled by py3compile beside this file.
# Inputs: arguments of dpkg. Exit codes: those of dpkg.
# Safe to run twice: as dpkg itself. The end of the first boot removes it.
# https://systemd.io/ENVIRONMENT/ (SYSTEMD_OFFLINE), apt.conf(5) (Dir::Bin)
PATH=${0%/*}:$PATH SYSTEMD_OFFLINE=1 exec /usr/bin/dpkg "$@"
