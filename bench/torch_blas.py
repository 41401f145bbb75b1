"""Prints which library PyTorch multiplies matrices with: "reference" and its path for the reference BLAS, else only the path.

Debian's PyTorch takes whichever libblas.so.3 the system has, and the reference BLAS is several times slower than OpenBLAS: a
comparison with it says nothing about PyTorch.
"""
import re

import torch

torch.ones(8, 8) @ torch.ones(8, 8)
with open("/proc/self/maps", encoding="utf-8") as maps:
    loaded = sorted({line.split(maxsplit=5)[5].strip() for line in maps if "/" in line})
fast = [path for path in loaded if re.search(r"/(openblas|atlas|blis)[^/]*/libblas\.|/lib(openblas|mkl|blis|atlas|armpl)[^/]*$", path)]
plain = [path for path in loaded if re.search(r"/libblas\.so", path)]
if fast:
    print(fast[0])
elif plain:
    print("reference", plain[0])
else:
    print("built in")
