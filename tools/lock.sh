#!/usr/bin/env bash
# Renews both lock files from pyproject.toml; needs uv. What follows goes to uv:
#   tools/lock.sh                              only what pyproject.toml forces
#   tools/lock.sh --upgrade-package lxml       one package to its newest allowed version
#   tools/lock.sh --upgrade                    everything
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export UV_CUSTOM_COMPILE_COMMAND="tools/lock.sh"

lock() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --only-binary :all: "$@" pyproject.toml
}

lock "$@" --output-file requirements.lock
lock "$@" --extra dev --constraint requirements.lock --output-file requirements-dev.lock
