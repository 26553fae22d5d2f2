#!/usr/bin/env python3
"""Writes corpus.tsv: for each modulus of weak-rsa.json, in the folder that SSH_KEYPAIR_CORPUS names, the findings that an audit must
report, or the reason why it does not see the weakness.

The checks are those of the crate that find something in these moduli, written again with Python's integers in the plainest way.
The table contains names and verdicts, and no numbers of the corpus.
"""

import json
import math
import os
import pathlib

LONG = "not looked for: a structure of the primes that only long searches find (lattices, Pollard's p-1, guessed words)"
NO_MARK = "no mark: the primes come from weak randomness, and no known check finds it"
LISTED = "on a denylist only: primes of a poorly seeded generator"
SUBPRIME = "not looked for: a common factor of p-1 and q-1, which leaves no mark in n that is found quickly"
WORDS = "not looked for: primes that repeat an unknown word, which need a lattice for each length"
REASONS = {
    "badkeys/rsa-sharedprimes.key": "one of two keys with a common prime: shared_primes finds it in a set with both",
    "paranoid/bad_rsa_roca_variant": "not looked for: primes like ROCA's, but with another base and product",
    "paranoid/bad_rsa_shared_subprime1": SUBPRIME,
    "paranoid/bad_rsa_shared_subprime2": SUBPRIME,
    "paranoid/bad_rsa_bit_pattern1": WORDS,
    "paranoid/bad_rsa_bit_pattern2": WORDS,
    "paranoid/bad_rsa_swaped_pattern": WORDS,
    "paranoid/bad_rsa_unseeded2": LISTED,
    "paranoid/bad_rsa_keypair2": LISTED,
    "paranoid/bad_rsa_keypair3": LISTED,
    "paranoid/bad_rsa_pq_diff_nist": "no mark: p and q are closer than FIPS 186-5 allows, but much too far apart for"
    " Fermat's method",
    "paranoid/bad_rsa_low_hamming_weight": "not looked for: primes with few ones, which need a search",
}


def is_square(x):
    return x >= 0 and math.isqrt(x) ** 2 == x


def has_close_primes(n):
    root = math.isqrt(n)
    return any(is_square((root + i) ** 2 - n) for i in range(1, 101))


def has_equal_halves(n):
    if n % 8 != 1:
        return False
    bits = (n.bit_length() + 1) // 2 + 1
    # Bit by bit: a root modulo 2^k is one modulo 2^(k+1), or gets 2^(k-1) more.
    root = 1
    for k in range(3, bits + 1):
        if (root * root - n) % (1 << k + 1):
            root += 1 << k - 1
    start = math.isqrt(n)
    half_sums = (start + (sign * root - start) % (1 << k) for k in range(bits - 130, bits) for sign in (1, -1))
    return any(is_square(s * s - n) for s in half_sums)


def has_pattern(n):
    bits = n.bit_length()
    for period in range(1, 65):
        different = bin((n ^ n >> period) & (1 << bits - period) - 1)[2:].zfill(bits - period)
        if "0" * 70 in different:
            return True
    for size in (8, 16, 32, 64):
        words = [n >> size * i & (1 << size) - 1 for i in range(bits // size)]
        if len(words) >= 60 and any(len({word >> bit & 1 for word in words}) == 1 for bit in range(size)):
            return True
    return False


def has_small_factor(n):
    return any(n % q == 0 for q in range(3, 1 << 17, 2))


def splits(n, s, m):
    """Whether s^2 - m is a square, for a multiple m of n, and yields a factor."""
    return is_square(s * s - m) and 1 < math.gcd(s - math.isqrt(s * s - m), n) < n


def has_simple_ratio(n):
    products = {a * b for a in range(1, 17) for b in range(a + 1, 17)} | {1 << k for k in range(1, 1026)}
    return any(splits(n, math.isqrt(4 * m * n) + i, 4 * m * n) for m in products for i in range(1, 5))


def has_special_difference(n):
    half = (n.bit_length() + 1) // 2
    roots = (math.isqrt(n + 4**j) for j in range(half // 2, half - 1))
    return any(splits(n, root + i, n) for root in roots for i in (0, 1))


def has_repeated_word(n):
    """The digits of n (2^w - 1)^2 between the last coefficient and the middle are the same."""
    half = n.bit_length() // 2 - 4
    for w in range(8, 257):
        if 2 * w + 32 + 64 > half:
            return False
        window = n * (2**w - 1) ** 2 % 2**half >> half - 64
        if window in (0, 2**64 - 1):
            return True
    return False


def has_low_weight(n):
    limbs = (n.bit_length() + 63) // 64
    size = 64 * (limbs // 4)
    digits = n ^ 3 * n
    counts = (bin(digits >> size * i & (1 << size) - 1).count("1") for i in range(4))
    return all(count < size / 3 - 5 * math.sqrt(2 * size / 27) for count in counts)


def has_smooth_order(n):
    primes = [q for q in range(2, 1 << 10) if all(q % d for d in range(2, math.isqrt(q) + 1))]
    exponent = math.prod(q ** int(math.log(1024.5, q)) for q in primes)
    common = [pow(2, exponent, n) - 1]
    for a in (3, 6):
        low, high = 2, a
        for bit in bin(exponent)[2:]:
            middle = (low * high - a) % n
            low, high = (middle, (high * high - 2) % n) if bit == "1" else ((low * low - 2) % n, middle)
        common.append(low - 2)
    x = saved = 2
    product = 1
    for step in range(1, 2049):
        x = (x * x + 1) % n
        product = product * (x - saved) % n
        if step & step - 1 == 0:
            saved = x
    return any(1 < math.gcd(number, n) < n for number in [*common, product])


def findings(n, e, is_roca):
    if e.bit_length() > 33:
        return ["InvalidValue"]
    if e < 3:
        return ["InvalidValue"]
    if n.bit_length() < 1024:
        return ["KeyTooSmall"]
    found = []
    if n.bit_length() < 2048:
        found.append("small-modulus")
    if e < 65537:
        found.append("small-exponent")
    if e >= 1 << 24:
        found.append("large-exponent")
    if has_pattern(n):
        found.append("patterned-modulus")
    checks = {
        "small-factor": has_small_factor(n),
        "perfect-power": is_square(n),
        "close-primes": has_close_primes(n),
        "equal-halves": has_equal_halves(n),
        "roca": is_roca,
        "repeated-word": has_repeated_word(n),
        "prime-ratio": has_simple_ratio(n),
        "prime-difference": has_special_difference(n),
    }
    broken = [name for name, has in checks.items() if has][:1]
    if not broken:
        if has_low_weight(n):
            found.append("low-weight")
        broken = ["smooth-order"] if has_smooth_order(n) else []
    return found + broken


def reason(source, expected, found):
    if found and found[0][0].isupper():
        return "refused by the parser"
    if not expected or set(found) - {"small-modulus"}:
        return "-"
    if expected[0].startswith("weak_prime"):
        return NO_MARK if "not_detected" in expected[0] else LONG
    return REASONS[source]


def main():
    corpus = pathlib.Path(os.environ["SSH_KEYPAIR_CORPUS"]) / "corpus/weak-rsa.json"
    rows = []
    for entry in json.loads(corpus.read_text()):
        # The corpus has the logarithms of ROCA from another program.
        found = findings(int(entry["n"], 16), int(entry["e"]), entry["ref"].get("roca_dlog", False))
        why = reason(entry["source"], entry["expected"], found)
        rows.append(f"{entry['source']}\t{' '.join(found) or '-'}\t{why}\n")
    (pathlib.Path(__file__).parent / "corpus.tsv").write_text("".join(rows))
    print(len(rows), "moduli")


main()
