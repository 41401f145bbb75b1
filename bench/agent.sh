#!/usr/bin/env bash
# Size, memory and start of the x64 agent as `fleet agent package` makes it. Prints one JSON object.
#
# resident_bytes: VmRSS of an agent that is connected to a silo and idle, after a minute. ready_seconds: from exec until the agent
# has said that it is connected, the fastest and the middle of 21 starts. As root, agent and silo run before ordinary processes
# (chrt), so that other work on the machine does not count.
set -euo pipefail
cd "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.."

folder=$(mktemp -d)
trap 'kill "${agent:-}" "${silo:-}" 2>/dev/null || :; wait; rm -rf -- "$folder"' EXIT
export FLEET_STATE=$folder/state FLEET_MACHINE_LOCK=$folder/lock

./fleet agent package --arch x64 --runtime aot --out "$folder/agent.tar.gz" >&2
tar xf "$folder/agent.tar.gz" -C "$folder" --strip-components 1
./fleet up --no-agent --http 127.0.0.1:0 --grpc 127.0.0.1:0 >&2 &
silo=$!
until [[ -s $FLEET_STATE/silo.json ]]; do read -rt 0.1 <> <(:) || :; done
address=$(sed -n 's/.*"grpc": *"\([^"]*\)".*/\1/p' "$FLEET_STATE/silo.json")
if chrt -f 20 true 2>/dev/null; then
  chrt -a -f -p 10 "$(sed -n 's/.*"process_id": *\([0-9]*\).*/\1/p' "$FLEET_STATE/silo.json")"
  chrt -f -p 20 $$
fi

start() {
  : >"$folder/log"
  began=${EPOCHREALTIME/./}
  "$folder/fleet-agent" run --silo "$address" --state "$folder/agent-state" 2>>"$folder/log" &
  agent=$!
  until grep -q -i connected "$folder/log"; do read -rt 0.002 <> <(:) || :; done
  took=$((${EPOCHREALTIME/./} - began))
}

times=()
for _ in {1..21}; do
  start
  times+=("$took")
  kill "$agent"
  wait "$agent" || :
done
mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
start
sleep 60
resident=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$agent/status")
printf '{"binary_bytes": %d, "resident_bytes": %d, "ready_seconds_best": %.3f, "ready_seconds_median": %.3f}\n' \
  "$(stat -c %s "$folder/fleet-agent")" "$((resident * 1024))" "$((times[0]))e-6" "$((times[10]))e-6"
