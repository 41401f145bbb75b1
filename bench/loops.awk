# Reads a disassembly and prints the inner loop of the function named by SYMBOL: of the loops that contain no other, the one with the
# most multiplications. FORM=text prints it for people, FORM=mca for llvm-mca, FORM=counts its multiplications, its loads, and how
# many weights it multiplies with one vector. Calls, which llvm-mca cannot follow, are left out there.
BEGIN { weights = 0; count = 0; loops = 0; most = 0; loads = 0 }
function isBranch(text) { return text ~ /^(b |b\.|cbn?z|tbn?z)/ }
index($0, SYMBOL ">:") { inside = 1; next }
inside && /^$/ { exit }
inside && /^ *[0-9a-f]+:/ {
    address = $1; sub(":", "", address)
    text = $0; sub(/^ *[0-9a-f]+:[ \t]*/, "", text); sub(/ *\/\/.*/, "", text); gsub(/\t/, " ", text)
    at[count] = address; line[count] = text; place[address] = count; count++
}
END {
    for (i = 0; i < count; i++) {
        if (!isBranch(line[i])) continue
        target = line[i]; sub(/ <.*/, "", target); sub(/.*[ ,]/, "", target)
        if (!(target in place) || place[target] > i) continue
        start[loops] = place[target]; end[loops] = i; loops++
    }
    best = -1
    for (l = 0; l < loops; l++) {
        outer = 0
        for (k = 0; k < loops; k++) if (k != l && start[k] >= start[l] && end[k] <= end[l]) outer = 1
        if (outer) continue
        adds = 0
        for (i = start[l]; i <= end[l]; i++) if (line[i] ~ /^((fmla|fmul|mla|sdot|smull2?) |mul v)/) adds++
        if (adds > most) { most = adds; best = l }
    }
    if (best < 0) exit 1
    for (i = start[best]; i <= end[best]; i++) {
        text = line[i]
        if (text ~ /^((fmla|mla) |mul v)/) weights += 4; else if (text ~ /^sdot /) weights += 16; else if (text ~ /^smull2? /) weights += 8
        if (text ~ /^(ldp|ld1 \{v[0-9]+\.4s-)/) loads += 2; else if (text ~ /^ld/) loads++
        # The model takes a write to s0 for a change to a part of q0, which it is not on ARM64. A plain load of q0 costs what that of s0 does.
        if (FORM == "mca" && sub(/^ldr s/, "ldr q", text)) sub(/, [wx][0-9]+(, [a-z]+ #2)?\]/, "]", text)
        if (isBranch(text)) { if (FORM == "mca") sub(/[0-9a-f]+ <.*/, "#0", text); else sub(/ *[0-9a-f]+ <.*/, " loop", text) }
        if (FORM == "mca" && text ~ /^(blr? |adrp? )/) continue
        if (FORM == "mca") sub(/ *<.*>$/, "", text)
        if (FORM != "counts") print text
    }
    if (FORM == "counts") print most, loads, weights
}
