#!/bin/sh
# Sees to it that a container engine answers, for the tests of the container runtime: where none does, installs Debian's
# package docker.io and starts dockerd by hand (as root). Where that cannot be, says why and ends well all the same: those
# tests are then skipped, and say so.
set -u

log=${TMPDIR:-/tmp}/busworthy-dockerd.log
wait_s=30

answers() {
  if command -v docker >/dev/null; then
    docker version >/dev/null 2>&1
  else
    curl -sf --max-time 5 --unix-socket /var/run/docker.sock http://engine/_ping >/dev/null 2>&1
  fi
}

without() {
  echo "no container engine: $1"
  exit 0
}

# start_engine OPTION...: dockerd in a session of its own, until it answers or ends
start_engine() {
  setsid dockerd "$@" >"$log" 2>&1 </dev/null &
  engine=$!
  n=0
  while [ $n -lt $((wait_s * 5)) ]; do
    answers && return 0
    kill -0 "$engine" 2>/dev/null || return 1
    sleep 0.2
    n=$((n + 1))
  done
  kill "$engine" 2>/dev/null
  wait "$engine" 2>/dev/null
  return 1
}

if answers; then
  echo "a container engine answers"
  exit 0
fi
[ -n "${DOCKER_HOST:-}" ] && without "DOCKER_HOST is $DOCKER_HOST, and nothing answers there"
[ "$(id -u)" = 0 ] || without "none answers, and only root can start one"

if ! command -v dockerd >/dev/null; then
  command -v apt-get >/dev/null || without "dockerd is not installed, and there is no apt-get to install it with"
  export DEBIAN_FRONTEND=noninteractive
  echo "installing docker.io"
  { apt-get -q update && apt-get -q install -y --no-install-recommends docker.io; } >"$log" 2>&1 ||
    without "docker.io was not installed: $(tail -n 1 "$log")"
fi

# The second try is for machines without netfilter or overlay file systems.
start_engine || start_engine --iptables=false --ip6tables=false --storage-driver=vfs ||
  without "dockerd did not start: $(tail -n 1 "$log")"
echo "started a container engine (its log: $log)"
