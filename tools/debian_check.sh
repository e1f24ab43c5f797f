#!/usr/bin/env bash
# Proves on a bare Debian 12 (Python and certificates, nothing else) that one command does it all.
#   sudo tools/debian_check.sh                      the window to its first paint, then all tests
#   sudo tools/debian_check.sh tests/unit -x        ... then the tests that pytest is told
# Each of the two begins on a fresh copy of the system. What is checked is the last commit.
# DECKHAND_CHECK_DIR keeps the systems (default: below the temporary folder, about 4 GB);
# DECKHAND_CORPUS is shown to the tests read-only.
# Needs: root, debootstrap, git, Xvfb.
set -euo pipefail
CHECKOUT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PLACE="${DECKHAND_CHECK_DIR:-${TMPDIR:-/tmp}/deckhand-debian}"
CORPUS="${DECKHAND_CORPUS:-}"
MOUNTED=()
XVFB=""

clean_up() {
  local each
  for each in "${MOUNTED[@]}"; do umount -l "$each" || true; done
  [ -z "$XVFB" ] || kill "$XVFB" || true
}
trap clean_up EXIT

mount_into() {  # mount_into TARGET MOUNT-ARGUMENTS...
  local target="$1"
  shift
  mkdir -p "$target"
  mount "$@" "$target"
  MOUNTED=("$target" "${MOUNTED[@]}")
}

inside() {  # inside SYSTEM COMMAND...: a clean environment but for the way to the network
  local system="$1" name kept=()
  shift
  for name in PIP_CERT SSL_CERT_FILE PIP_INDEX_URL http_proxy https_proxy no_proxy; do
    [ -z "${!name:-}" ] || kept+=("$name=${!name}")
  done
  env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${kept[@]}" chroot "$system" "$@" < /dev/null
}

make_base() {
  [ -e "$PLACE/base/.made" ] && return
  rm -rf "$PLACE/base"
  mkdir -p "$PLACE"
  debootstrap --variant=minbase bookworm "$PLACE/base" > "$PLACE/debootstrap.log"
  inside "$PLACE/base" apt-get update -qq
  inside "$PLACE/base" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends python3 ca-certificates > "$PLACE/python.log"
  cp /etc/ssl/certs/ca-certificates.crt "$PLACE/base/etc/ssl/certs/ca-certificates.crt"
  touch "$PLACE/base/.made"
}

fresh_system() {  # fresh_system NAME: a bare system with the last commit in /root/deckhand
  local system="$PLACE/$1"
  rm -rf --one-file-system "$system"
  cp -a "$PLACE/base" "$system"
  git clone -q --no-hardlinks "$CHECKOUT" "$system/root/deckhand"
  mount_into "$system/proc" -t proc proc
  mount_into "$system/dev" --rbind /dev
  if [ -n "$CORPUS" ]; then
    mount_into "$system/root/corpus" --bind "$CORPUS"
    mount -o remount,bind,ro "$system/root/corpus"
  fi
}

timed() {  # timed TITLE COMMAND...
  local title="$1" begun ended
  shift
  begun=$(date +%s.%N)
  "$@"
  ended=$(date +%s.%N)
  echo "== $title: $(awk -v a="$begun" -v b="$ended" 'BEGIN { printf "%.2f", b - a }') s"
}

window() {
  inside "$PLACE/window" env "DISPLAY=$DISPLAY_NAME" DECKHAND_PRINT_AT_FIRST_PAINT=modules \
    DECKHAND_QUIT_AT_FIRST_PAINT=1 python3 /root/deckhand/run.py | tee "$PLACE/first-paint"
  grep -q '"painted_ms"' "$PLACE/first-paint"
}

start_display() {
  Xvfb -displayfd 3 -nolisten tcp -screen 0 1440x900x24 3> "$PLACE/display" 2> /dev/null &
  XVFB=$!
  until [ -s "$PLACE/display" ]; do sleep 0.1; done
  DISPLAY_NAME=":$(cat "$PLACE/display")"
}

timed "bare system" make_base
: > "$PLACE/display"
start_display
fresh_system window
timed "python3 run.py, first start to first paint" window
timed "python3 run.py, second start to first paint" window
timed "python3 run.py --version, second start" \
  inside "$PLACE/window" python3 /root/deckhand/run.py --version
fresh_system tests
timed "python3 run.py test, first start" \
  inside "$PLACE/tests" env CI=true DECKHAND_CORPUS="${CORPUS:+/root/corpus}" \
  python3 /root/deckhand/run.py test "$@"
timed "python3 run.py test --version, second start" \
  inside "$PLACE/tests" python3 /root/deckhand/run.py test --version
echo "== all proved"
