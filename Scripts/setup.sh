#!/usr/bin/env bash
# Installs what building and testing need on Debian or Ubuntu; does nothing where it is there.
set -euo pipefail

say() { printf '\n==> %s\n' "$*"; }

packages=()
for package in "$@"; do
  dpkg -s "$package" >/dev/null 2>&1 || packages+=("$package")
done
if [ ${#packages[@]} -gt 0 ]; then
  say "Installing ${packages[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "${packages[@]}" >/dev/null
fi

if ! command -v swift >/dev/null 2>&1; then
  echo "Swift 6.1 or later is needed: install it from https://www.swift.org/install/linux/" >&2
  exit 2
fi
say "$(swift --version 2>/dev/null | head -n 1)"
