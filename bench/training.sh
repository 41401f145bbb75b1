#!/bin/sh
# A training step against PyTorch's, turn by turn in one run on one core, and on two cores against one: a JSON array on standard
# output. CORE says which core (default: the last one); PYTHON which interpreter has PyTorch. The answer is always JSON; --json says so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case "$*" in '' | --json) ;; *) echo "usage: bench/training.sh [--json]" >&2; exit 2 ;; esac
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
    echo "PyTorch is missing: apt-get install python3-torch, or name an interpreter that has it: PYTHON=..." >&2
    exit 1
fi

# A ratio against the reference BLAS is several times too good, and tells nothing of PyTorch.
blas=$("$python" "$here/torch_blas.py")
case "$blas" in
    reference*)
        echo "PyTorch multiplies with the reference BLAS (${blas#reference }), several times slower than it need be; no comparison with it holds." >&2
        echo "Install OpenBLAS: apt-get install libopenblas0-pthread, or name an interpreter whose PyTorch brings its own: PYTHON=..." >&2
        exit 1
        ;;
esac

echo "PyTorch multiplies with: $blas" >&2
. "$here/build.sh"
exec "$out/Fleet.Bench/Fleet.Bench" training "$core" "$python" "$here/training_torch.py"
