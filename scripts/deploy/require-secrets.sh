#!/usr/bin/env bash
# Names each of these variables that is empty, and fails if there is any.
set -euo pipefail

missing=0
for name in "$@"; do
  if [ -z "${!name:-}" ]; then
    echo "::error title=$name is missing::Please add the secret $name to this repository, as docs/deploy.md says."
    missing=1
  fi
done
exit "$missing"
