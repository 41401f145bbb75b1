# Sourced by the scripts beside it: builds Fleet.Bench into $out and picks $core.
out="$here/../.out/bench"
core=${CORE:-$(($(nproc) - 1))}
export DOTNET_TieredCompilation=0
mkdir -p "$out"
dotnet build "$here/Fleet.Bench" -c Release -o "$out/Fleet.Bench" -nologo -nodeReuse:false -verbosity:quiet >&2
