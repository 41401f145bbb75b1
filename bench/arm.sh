#!/bin/sh
# The inner loops as they run on ARM64: publishes fleet-agent for linux-arm64, and prints each loop's NEON instructions and, from llvm-mca,
# its cycles and its share of the limit: one multiply-add of four floats and one load a cycle. That is Cortex-A72's; a Cortex-A76 can do two
# of each, but LLVM 14 models it as a Cortex-A57, so its numbers are those of that model.
# AGENT names a binary with symbols to look at in place of a new one; LOOPS=no leaves the instructions out.
# Needs clang, lld, llvm, gcc-aarch64-linux-gnu, binutils-aarch64-linux-gnu.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../.out/arm"
mkdir -p "$out"
if [ -z "${AGENT:-}" ]; then
    dotnet publish "$here/../src/DeviceAgent" -c Release -r linux-arm64 -p:PublishAot=true -p:StripSymbols=false -o "$out" -nologo -nodeReuse:false -verbosity:quiet >&2
    AGENT="$out/fleet-agent"
fi

aarch64-linux-gnu-objdump -d --no-show-raw-insn "$AGENT" > "$out/agent.s"
matrices=Fleet_Kernels_Fleet_Kernels_Matrices_
v128=Fleet_Kernels_Fleet_Kernels_Simd_V128
loop() { awk -v SYMBOL="$1" -v FORM="$2" -f "$here/loops.awk" "$out/agent.s"; }

echo '| loop | multiply-adds | loads | cycles A53 | A72 | A76 | of the limit A53 | A72 | A76 |'
echo '|---|---|---|---|---|---|---|---|---|'
kernels="
dense,lstm|PanelProducts_1<$v128>__Four
dense,gru|PanelProducts_1<$v128>__Three
dense,two|PanelProducts_1<$v128>__Two
dense,one|PanelProducts_1<$v128>__One
tile,lstm|PanelTiles_1<$v128>__Four
tile,gru|PanelTiles_1<$v128>__Three
tile,two|PanelTiles_1<$v128>__Two
hmd,lower|HmdMatrix_1<$v128>__Finish
pruned,step|PrunedMatrix_2<${v128}__$v128>__Product
pruned,window|PrunedMatrix_2<${v128}__$v128>__ProductTile
block-sparse|BlockSparseMatrix_2<${v128}__$v128>__Product
kronecker,outer|KroneckerMatrix_1<$v128>__Combine
"
for kernel in $kernels; do
    name=${kernel%%|*} symbol="$matrices${kernel#*|}"
    loop "$symbol" mca > "$out/loop.s"
    set -- $(loop "$symbol" counts)
    adds=$1 loads=$2 cycles='' shares=''
    for core in cortex-a53 cortex-a72 cortex-a76; do
        total=$(llvm-mca -mtriple=aarch64 -mcpu=$core -iterations=200 "$out/loop.s" 2>/dev/null | awk '/^Total Cycles/ { print $3 }')
        cycles="$cycles $(awk "BEGIN { printf \"%.1f\", $total / 200 }") |"
        shares="$shares $(awk "BEGIN { a = $adds; l = $loads; m = a > l ? a : l; printf \"%.0f %%\", 100 * m * 200 / $total }") |"
    done
    echo "| $(echo "$name" | tr , ' ') | $adds | $loads |$cycles$shares"
done

[ "${LOOPS:-yes}" = no ] && exit
for kernel in $kernels; do
    printf '\n### %s\n\n```\n' "$(echo "${kernel%%|*}" | tr , ' ')"
    loop "$matrices${kernel#*|}" text
    echo '```'
done
