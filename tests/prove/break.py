#!/usr/bin/env python3
"""Copies the repository to a folder, with one mistake in the source of each kernel and each table. `.ci/prove --source` builds the
copy, and requires that no claim about a kernel or a table is shown.

    break.py FOLDER
"""

import os
import shutil
import subprocess
import sys

# A file of src/kernels/bignum, what it contains, and what replaces the first occurrence.
MISTAKES = [
    # square: the loop counts of the lower groups.
    ("avx2/kernel.rs", '"add {next}, 3"', '"add {next}, 2"'),
    # multiply and multiply_low: the last row of a corner.
    ("avx2/kernel.rs", "row!(3 4 5), row!(4 5), row!(5))", "row!(3 4 5), row!(4 5), row!(4))"),
    # add_high: a column.
    ("avx2/kernel.rs", "row!(1 2 3),\n                    store!(0 0 1 2", "row!(0 2 3),\n                    store!(0 0 1 2"),
    # digits_low: the upper sum before column 0.
    ("avx2/kernel.rs", '"vmovapd ymm10, [{start} + 32*4]"', '"vmovapd ymm10, [{start}]"'),
    # digits_high: the sign of a carry.
    ("avx2/kernel.rs", '"vaddpd ymm3, ymm3, [{carry}]"', '"vsubpd ymm3, ymm3, [{carry}]"'),
    # select: the index counts by two.
    (
        "avx2/kernel.rs",
        '"vpaddq ymm13, ymm13, [{one}]"',
        '"vpaddq ymm13, ymm13, [{one}]", "vpaddq ymm13, ymm13, [{one}]"',
    ),
    # divide: the sign of a rest.
    ("avx2/kernel.rs", '"vfnmadd213pd ymm15, ymm"', '"vfmadd213pd ymm15, ymm"'),
    # wipe_registers: the lower halves stay.
    ("avx2/kernel.rs", 'kernel!(ymm: ["vzeroall"])', 'kernel!(ymm: ["vzeroupper"])'),
    ("avx2/numbers.rs", "[-1.5 * power_of_two(52); LANES]", "[-1.25 * power_of_two(52); LANES]"),
    ("avx2/sieve.rs", "1.0 / product as f64", "1.0 / (product - 2) as f64"),
    # square: a column.
    ("ifma/kernel.rs", "27: 14 15", "27: 15 15"),
    # multiply and multiply_twice: the digits of a.
    ("ifma/kernel.rs", 'load!("a", [30 $i]),', 'load!("a", [30 0]),'),
    # reduce_ten and reduce_twenty: the shift of a carry.
    ("ifma/kernel.rs", '", zmm", $column, ", 52\\n",', '", zmm", $column, ", 51\\n",'),
    # normalize: the same.
    ("ifma/kernel.rs", '"vpsrlq zmm27, zmm27, 52\\n"', '"vpsrlq zmm27, zmm27, 53\\n"'),
    # select: two digits.
    ("ifma/kernel.rs", 'store!("chosen", [0 0 1 1', 'store!("chosen", [0 1 1 0'),
    # zero: a digit.
    ("ifma/kernel.rs", 'store!("block", [0 0 0 1', 'store!("block", [0 0 0 0'),
    # divide: the sign of a quotient.
    ("ifma/kernel.rs", '"vpsubq zmm", $m, ", zmm31', '"vpaddq zmm", $m, ", zmm31'),
    # wipe_registers: a register.
    ("ifma/kernel.rs", "clear!(16 17 18", "clear!(16 17"),
    ("ifma/sieve.rs", "inverse_mod_2_64(product).wrapping_neg()", "inverse_mod_2_64(product)"),
]


def main(folder):
    shutil.rmtree(os.path.join(folder, "src"), ignore_errors=True)
    for name in subprocess.check_output(["git", "ls-files", "-z"], text=True).split("\0"):
        if name:
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            shutil.copyfile(name, os.path.join(folder, name))
    for name, right, wrong in MISTAKES:
        path = os.path.join(folder, "src/kernels/bignum", name)
        with open(path) as file:
            text = file.read()
        if right not in text:
            sys.exit(f"break.py: {name} has no {right!r}")
        with open(path, "w") as file:
            file.write(text.replace(right, wrong, 1))


if __name__ == "__main__":
    main(sys.argv[1])
