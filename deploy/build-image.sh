#!/usr/bin/env bash
# Builds the container image fleet-silo:latest (or the tag given) with docker or podman.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

tag=${1:-fleet-silo:latest}
builder=$(command -v docker || command -v podman) || {
  echo "build-image: neither docker nor podman is installed." >&2
  exit 2
}
case $(uname -m) in
  x86_64) runtime=linux-x64 ;;
  aarch64) runtime=linux-arm64 ;;
  *) echo "build-image: no image for $(uname -m); x86_64 and aarch64 are supported." >&2; exit 2 ;;
esac

rm -rf .out/image
for room in Silo Trainer Cli; do
  dotnet publish "src/$room" --configuration Release --runtime "$runtime" --self-contained true \
    --output ".out/image/Fleet.$room" -nodeReuse:false -p:UseSharedCompilation=false
done
"$builder" build --file deploy/silo.Containerfile --tag "$tag" .
