#!/usr/bin/env python3
"""Writes src/audit/square_roots.bin: the square roots of the primes up to 13, divided by four, as fractions of 131 limbs of 64 bits,
little-endian, rounded down."""

import math
import pathlib

BITS = 64 * 131

file = pathlib.Path(__file__).parents[3] / "src/audit/square_roots.bin"
file.write_bytes(b"".join(math.isqrt(p << 2 * BITS - 4).to_bytes(BITS // 8, "little") for p in (2, 3, 5, 7, 11, 13)))
