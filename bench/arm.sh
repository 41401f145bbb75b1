#!/bin/sh
# The inner loops as they run on ARM64: publishes fleet-agent for linux-arm64, and prints each loop's NEON instructions and, from llvm-mca,
# its cycles and its share of the limit: one multiplication of a vector and one load a cycle. That is Cortex-A72's; a Cortex-A76 can do two
# of each, but LLVM 14 models it as a Cortex-A57, so its numbers are those of that model. Then the sparsity at which each sparse loop meets
# the dense one: 1 - (cycles a weight, dense) / (cycles a weight, sparse).
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
methods=Fleet_Kernels_Fleet_Kernels_Methods_
cells=Fleet_Kernels_Fleet_Kernels_Runtime_Cells_
simd=Fleet_Kernels_Fleet_Kernels_Simd_
v128=${simd}V128
# Of bodies that are the same the compiler keeps one, under the first name: int8 block-sparse products do not depend on the cell's vectors.
scalar=${simd}ScalarVector
loop() { awk -v SYMBOL="$1" -v FORM="$2" -f "$here/loops.awk" "$out/agent.s"; }

echo '| loop | multiplications | loads | cycles A53 | A72 | A76 | of the limit A53 | A72 | A76 |'
echo '|---|---|---|---|---|---|---|---|---|'
kernels="
dense,lstm|${matrices}PanelProducts_1<$v128>__Four
dense,gru|${matrices}PanelProducts_1<$v128>__Three
dense,two|${matrices}PanelProducts_1<$v128>__Two
dense,one|${matrices}PanelProducts_1<$v128>__One
tile,lstm|${matrices}PanelTiles_1<$v128>__Four
tile,gru|${matrices}PanelTiles_1<$v128>__Three
tile,one|${matrices}PanelTiles_1<$v128>__One
tile,two|${matrices}PanelTiles_1<$v128>__Two
hmd,lower|${methods}Hmd_HmdMatrix_1<$v128>__Finish
pruned,step|${methods}Pruned_PrunedMatrix_2<${v128}__$v128>__Product
pruned,window|${methods}Pruned_PrunedMatrix_2<${v128}__$v128>__ProductTile
block-sparse|${methods}BlockSparse_BlockSparseMatrix_2<${v128}__${simd}OneBlock_1<$v128>>__Product
int8,pruned|${methods}Pruned_Int8PrunedMatrix_3<${v128}__${simd}Dot128__${simd}Dot128>__Product
int8,block-sparse,sdot|${methods}BlockSparse_Int8BlockSparseMatrix_2<${scalar}__${simd}NeonDot128>__Product
int8,block-sparse,fallback|${methods}BlockSparse_Int8BlockSparseMatrix_2<${scalar}__${simd}Dot128>__Product
kronecker,outer|${methods}Kronecker_KroneckerMatrix_1<$v128>__Combine
int8,step,sdot|${matrices}Int8Products_1<${simd}NeonDot128>__Four
int8,step,fallback|${matrices}Int8Products_1<${simd}Dot128>__Four
int8,tile,sdot|${matrices}Int8Tiles_1<${simd}NeonDot128>__Two
int8,tile,fallback|${matrices}Int8Tiles_1<${simd}Dot128>__Two
activations,lstm|${cells}GatedCell_1<${cells}LstmGates_1<$v128>>__Step
activations,gru|${cells}GatedCell_1<${cells}GruGates_1<$v128>>__Step
"
: > "$out/costs"
for kernel in $kernels; do
    name=${kernel%%|*} symbol="${kernel#*|}"
    loop "$symbol" mca > "$out/loop.s"
    set -- $(loop "$symbol" counts)
    adds=$1 loads=$2 weights=$3 cycles='' shares=''
    for core in cortex-a53 cortex-a72 cortex-a76; do
        # Only the last of them has the instruction.
        if [ $core != cortex-a76 ] && grep -q '^sdot' "$out/loop.s"; then
            cycles="$cycles - |" shares="$shares - |"
            continue
        fi
        total=$(llvm-mca -mtriple=aarch64 -mcpu=$core -mattr=+dotprod -iterations=200 "$out/loop.s" 2>/dev/null | awk '/^Total Cycles/ { print $3 }')
        echo "$name $core $total $weights" >> "$out/costs"
        cycles="$cycles $(awk "BEGIN { printf \"%.1f\", $total / 200 }") |"
        shares="$shares $(awk "BEGIN { a = $adds; l = $loads; m = a > l ? a : l; printf \"%.0f %%\", 100 * m * 200 / $total }") |"
    done
    echo "| $(echo "$name" | tr , ' ') | $adds | $loads |$cycles$shares"
done

echo
echo '| sparse loop | dense loop | meet on A53 | A72 | A76 |'
echo '|---|---|---|---|---|'
meet() {
    row="| $(echo "$1" | tr , ' ') | $(echo "$2" | tr , ' ') |"
    for core in cortex-a53 cortex-a72 cortex-a76; do
        row="$row $(awk -v SPARSE="$1" -v DENSE="$2" -v CORE=$core '
            $2 == CORE && $1 == SPARSE { sparse = $3 / $4 }
            $2 == CORE && $1 == DENSE { dense = $3 / $4 }
            END { if (sparse && dense) printf "%.0f %%", dense < sparse ? 100 * (1 - dense / sparse) : 0; else printf "-" }' "$out/costs") |"
    done
    echo "$row"
}
meet pruned,step dense,lstm
meet block-sparse dense,lstm
meet int8,pruned int8,step,fallback
meet int8,pruned int8,step,sdot
meet int8,block-sparse,fallback int8,step,fallback
meet int8,block-sparse,sdot int8,step,sdot

[ "${LOOPS:-yes}" = no ] && exit
for kernel in $kernels; do
    printf '\n### %s\n\n```\n' "$(echo "${kernel%%|*}" | tr , ' ')"
    loop "${kernel#*|}" text
    echo '```'
done
