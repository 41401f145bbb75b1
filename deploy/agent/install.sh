#!/bin/sh
# Installs the Fleet agent of this package as a service of this board, or says why this board cannot run it.
#
#   sudo ./install.sh [--silo URL] [--token-file FILE] [--name NAME] [--no-start]
#                                                                  also to upgrade: the configuration stays unless told otherwise
#   ./install.sh --check                                           only says whether this board can run it
#   sudo ./install.sh --uninstall                                  the measured results that were not delivered yet stay
#
# FILE is a copy of the file token in the silo's state folder; without it the silo answers no call.
# The file requirements beside it says what the binary needs; it was read from the binary when the package was made.
# FLEET_INSTALL_ROOT puts a folder in the place of / for tests; nothing is started then.
set -eu
export LC_ALL=C

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=${FLEET_INSTALL_ROOT:-}
program=$root/opt/fleet-agent/fleet-agent
unit=$root/etc/systemd/system/fleet-agent.service
configuration=$root/etc/fleet-agent/agent.conf
token=$root/etc/fleet-agent/token

say() { printf 'fleet-agent: %s\n' "$*" >&2; }
refuse() {
  say "not installed: $1"
  shift
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}
usage() {
  sed -n '2,12s/^# \{0,1\}//p' "$0"
  exit "$1"
}

silo='' name='' token_file='' start=yes action=install
while [ $# -gt 0 ]; do
  case $1 in
    --silo | --name)
      [ $# -ge 2 ] && [ -n "$2" ] || { say "$1 needs a value."; exit 2; }
      case $2 in *[!A-Za-z0-9._:/-]*) say "$1 $2: only letters, digits and . _ - : / are taken."; exit 2 ;; esac
      if [ "$1" = --silo ]; then silo=$2; else name=$2; fi
      shift 2 ;;
    --token-file)
      [ $# -ge 2 ] && [ -n "$2" ] || { say "$1 needs a file."; exit 2; }
      token_file=$2
      shift 2 ;;
    --no-start) start=no; shift ;;
    --check) action=check; shift ;;
    --uninstall) action=uninstall; shift ;;
    -h | --help) usage 0 ;;
    *) say "'$1' is not an option."; usage 2 >&2 ;;
  esac
done
case $silo in
  '' | http://?* | https://?*) ;;
  *) say "--silo $silo: an address is http://HOST:PORT."; exit 2 ;;
esac

# A token is 64 hexadecimal digits. It is looked at before anything is changed.
check_token() {
  [ -z "$token_file" ] || {
    [ -r "$token_file" ] || refuse "the token file $token_file cannot be read."
    tr -d ' \n' <"$token_file" | grep -Eqx '[0-9a-f]{64}' ||
      refuse "$token_file does not hold a silo's token." "Copy the file token of the silo's state folder: fleet up says where it is."
  }
}

# Only the agent's user may read it, at every moment.
place_token() {
  [ -n "$token_file" ] || return 0
  mkdir -p -- "${token%/*}"
  rm -f -- "$token.new"
  (umask 077 && cat -- "$token_file" >"$token.new")
  [ -n "$root" ] || chown fleet:fleet -- "$token.new"
  sync -- "$token.new"
  mv -f -- "$token.new" "$token"
}

need_root() {
  [ "$(id -u)" = 0 ] || refuse "only root can do this." "Run it as: sudo ./install.sh"
}

required() { sed -n "s/^$1=//p" "$here/requirements"; }

# True where version $1 is at least version $2.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

check_board() {
  [ -r "$here/requirements" ] && [ -r "$here/fleet-agent" ] || refuse "the package is not whole: unpack the tar.gz again."
  [ "$(uname -s)" = Linux ] || refuse "this is $(uname -s); the agent runs on Linux."

  wanted=$(required machine)
  machine=$(uname -m)
  case $machine in
    "$wanted") ;;
    armv6* | armv7* | armv8l | i?86)
      refuse "this system is 32-bit ($machine), and the agent needs a 64-bit one." \
        "On a Raspberry Pi 3, 4, 5 or Zero 2, install the 64-bit Raspberry Pi OS. Older boards cannot run it." ;;
    *)
      refuse "this machine is $machine, and this package is for $wanted." \
        "Make one for this machine: fleet agent package --arch arm64 (aarch64) or --arch x64 (x86_64)" ;;
  esac
  # Raspberry Pi OS in 32 bits runs on a 64-bit kernel.
  [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 64 ] ||
    refuse "the kernel is 64-bit, but the programs of this system are 32-bit." "Install the 64-bit Raspberry Pi OS (or another 64-bit system)."

  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
  if [ -z "$glibc" ]; then
    for loader in "$root"/lib/ld-musl-*; do
      [ ! -e "$loader" ] || refuse "this system has musl for its C library (Alpine does), and the agent needs glibc $(required glibc) or newer."
    done
    refuse "no glibc was found on this system (getconf GNU_LIBC_VERSION), and the agent needs $(required glibc) or newer."
  fi
  at_least "$glibc" "$(required glibc)" ||
    refuse "this system has glibc $glibc, and the agent needs $(required glibc) or newer." \
      "Upgrade the system (Raspberry Pi OS 12 has glibc 2.36), or make the package with: fleet agent package --runtime jit"

  missing=''
  flags=" $(sed -n 's/^flags[[:space:]]*: //p' "$root/proc/cpuinfo" | head -n 1) "
  for flag in $(required cpu); do
    case $flags in *" $flag "*) ;; *) missing="$missing $flag" ;; esac
  done
  [ -z "$missing" ] || refuse "this processor lacks$missing, which this package was made for." "Make one for older processors: fleet agent package --arch x64 --isa x86-64-v2"

  [ "$(sha256sum <"$here/fleet-agent" | cut -d' ' -f1)" = "$(required sha256)" ] || refuse "the package is damaged: fleet-agent is not what was packed. Copy and unpack it again."
  # The last word has the program itself: every library is there, and it starts.
  if [ -z "$root" ]; then
    answer=$("$here/fleet-agent" --version 2>&1) || refuse "the agent does not start on this system:" "$answer"
  fi
}

check_systemd() {
  command -v systemctl >/dev/null && [ -d "$root/run/systemd/system" ] ||
    refuse "this system does not run systemd, which is to start the agent." \
      "Without it, have another service manager run, as a user of its own: $here/fleet-agent run --silo URL --state DIR --token-file FILE"
}

# There whole or not at all, even if it is running or the power fails.
place() {
  mkdir -p -- "$(dirname -- "$3")"
  cp -- "$2" "$3.new"
  chmod "$1" "$3.new"
  sync -- "$3.new"
  mv -f -- "$3.new" "$3"
}

configure() {
  [ -e "$configuration" ] || {
    mkdir -p -- "${configuration%/*}"
    printf '%s\n' '# What the agent is told; systemctl restart fleet-agent takes it over.' 'FLEET_SILO=http://127.0.0.1:5081' 'FLEET_NAME=' 'FLEET_OPTIONS=' >"$configuration"
  }
  [ -z "$silo" ] || set_line FLEET_SILO "$silo"
  [ -z "$name" ] || set_line FLEET_NAME "$name"
}

# In the configuration, whatever else a person wrote there.
set_line() {
  if grep -q "^$1=" "$configuration"; then
    sed -i "s|^$1=.*|$1=$2|" "$configuration"
  else
    printf '%s=%s\n' "$1" "$2" >>"$configuration"
  fi
}

make_user() {
  id fleet >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir /var/lib/fleet-agent --shell /usr/sbin/nologin fleet
  # The Raspberry Pi's firmware answers only this group (vcgencmd: throttling, clock, power).
  if getent group video >/dev/null; then usermod --append --groups video fleet; fi
}

case $action in
  check)
    check_board
    say "this board can run it ($(required arch), $(required runtime), needs glibc $(required glibc))." ;;
  install)
    need_root
    check_token
    check_board
    check_systemd
    [ -n "$root" ] || make_user
    place 755 "$here/fleet-agent" "$program"
    place 644 "$here/fleet-agent.service" "$unit"
    configure
    place_token
    if [ -z "$root" ]; then
      systemctl daemon-reload
      systemctl enable --quiet fleet-agent
      if [ $start = yes ]; then systemctl restart fleet-agent; fi
    fi
    say "installed, version $(required version). It looks for the silo at $(sed -n 's/^FLEET_SILO=//p' "$configuration")."
    [ -e "$token" ] || say "It has no token yet, and the silo will refuse it: sudo ./install.sh --token-file FILE, with a copy of the file token in the silo's state folder." ;;
  uninstall)
    need_root
    if [ -z "$root" ] && [ -e "$unit" ]; then systemctl disable --quiet --now fleet-agent; fi
    rm -f -- "$unit" "$program"
    rmdir -- "${program%/*}" 2>/dev/null || :
    [ -n "$root" ] || systemctl daemon-reload
    say "removed. What it kept is still in $root/var/lib/fleet-agent and $configuration." ;;
esac
