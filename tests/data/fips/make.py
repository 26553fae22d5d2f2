#!/usr/bin/env python3
"""Makes the known answers of key generation: FIPS 186-5, Appendices A.1.1 and A.1.3.

    tests/data/fips/make.py             writes candidates.json next to this file; about a minute
    tests/data/fips/make.py self-test   prints the constants of src/rsa/self_test.rs and src/self_test.rs

candidates.json has lists of candidates for p and q, each with the result that the standard requires: a key, or an error. ACVP's
older known-answer tests for probable primes have the same structure: candidates go in, with e = 65537, and either a key comes out
or none. `openssl prime` decides which numbers are prime, and Python computes the numbers of the key.

The constants of the self-test follow from the same standard, with a generator that has a fixed seed. This script implements both
a second time, from the descriptions in src/rsa/candidate.rs and in NIST SP 800-90A, and does not call the crate.
"""

import hashlib
import hmac
import json
import math
import os
import subprocess
import sys

E = 65537
NLEN = 2048
BITS = NLEN // 2
SMALL = [n for n in range(3, 1 << 14, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2))]
WHEEL = math.prod(n for n in SMALL if n <= 53)
LOW = math.isqrt(1 << (2 * BITS - 1)) + 1


class Drbg:
    """HMAC_DRBG with SHA-256: SP 800-90A, section 10.1.2."""

    def __init__(self, seed):
        self.key, self.v = bytes(32), b"\1" * 32
        self.update(seed)

    def hmac(self, data):
        return hmac.digest(self.key, data, "sha256")

    def update(self, data):
        for byte in [b"\0", b"\1"] if data else [b"\0"]:
            self.key = self.hmac(self.v + byte + data)
            self.v = self.hmac(self.v)

    def generate(self, count):
        out = b""
        while len(out) < count:
            self.v = self.hmac(self.v)
            out += self.v
        self.update(b"")
        return out[:count]


def wheel(drbg):
    """The candidates of src/rsa/candidate.rs."""

    def words():
        while True:
            block = drbg.generate(1024)
            yield from (int.from_bytes(block[at : at + 8], "little") for at in range(0, 1024, 8))

    words = words()
    end = ((1 << BITS) - LOW) // WHEEL & ~1
    limbs = -(-end.bit_length() // 64)
    top = end >> 64 * (limbs - 1)
    mask = (1 << top.bit_length()) - 1
    while True:
        while not ((unit := next(words)) < WHEEL and math.gcd(unit, WHEEL) == 1):
            pass
        while True:
            highest = next(words) & mask
            if highest > top:
                continue
            index = sum(next(words) << 64 * at for at in range(limbs - 1)) & ~1
            index |= highest << 64 * (limbs - 1)
            if index < end:
                break
        x = LOW + WHEEL * index
        x += (unit - LOW) % WHEEL
        yield x if x % 2 else x + WHEEL


def may_be_prime(n):
    return all(n % small for small in SMALL) and pow(2, n - 1, n) == 1


def is_prime(n):
    """The verdict of OpenSSL."""
    run = subprocess.run(["openssl", "prime", "-hex", f"{n:x}"], check=True, capture_output=True, text=True)
    return run.stdout.rstrip().endswith("is prime")


def numbers(p, q):
    """n, d, p, q, dP, dQ and qInv, big-endian. p is the larger prime."""
    p, q = max(p, q), min(p, q)
    d = pow(E, -1, math.lcm(p - 1, q - 1))
    assert d > 1 << BITS
    sizes = {"n": NLEN, "d": NLEN, "p": BITS, "q": BITS, "dP": BITS, "dQ": BITS, "qInv": BITS}
    values = [p * q, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
    return {name: value.to_bytes(bits // 8, "big") for (name, bits), value in zip(sizes.items(), values)}


def is_suitable(p, q):
    return (p - 1) % E and (q - 1) % E and math.gcd(p - 1, q - 1) < 1 << 32


class Numbers:
    """Reproducible numbers in the interval of the standard."""

    def __init__(self, seed):
        self.drbg = Drbg(seed)

    def odd(self):
        while True:
            n = int.from_bytes(self.drbg.generate(BITS // 8), "big") | 1 | 1 << (BITS - 1)
            if n >= LOW:
                return n

    def prime(self, accept=lambda n: True):
        while True:
            n = self.odd()
            if accept(n) and may_be_prime(n) and is_prime(n):
                return n

    def composite(self):
        """A composite that no small prime divides."""
        while True:
            n = self.odd()
            if all(n % small for small in SMALL) and not is_prime(n):
                return n

    def prime_of_form(self, factor):
        """A prime that is 1 modulo an even factor."""
        while True:
            n = self.odd() // factor * factor + 1
            if n >= LOW and may_be_prime(n) and is_prime(n):
                return n

    def pair(self, difference):
        while True:
            p = self.odd()
            q = p + difference
            if q < 1 << BITS and all(p % n and q % n for n in SMALL) and may_be_prime(p) and may_be_prime(q):
                if is_prime(p) and is_prime(q):
                    return p, q


def cases():
    at = Numbers(b"known answers of key generation")
    p, q, r, s = (at.prime() for _ in range(4))
    c = at.composite()
    yield "two primes", [p, q], (p, q)
    yield "the smaller prime first", sorted([p, q]), (p, q)
    yield "composites before the primes", [c, at.composite(), p, at.composite(), q], (p, q)
    yield "a square of a prime", [at_square(at), p, q], (p, q)
    yield "one prime only", [c, p, at.composite()], None
    yield "no candidates", [], None
    yield "the same prime twice", [p, p], None
    bound = 1 << (BITS - 100)
    for name, more in [("two less than the bound", -2), ("the bound", 0), ("two more than the bound", 2)]:
        difference = bound + more
        pair = at.pair(difference)
        yield f"primes that differ by {name}", list(pair), pair if difference > bound else None
        yield f"the larger first, and they differ by {name}", list(pair[::-1]), pair if difference > bound else None
    unsuitable = at.prime_of_form(2 * E)
    yield "p is 1 modulo e", [unsuitable, p, q, r], (q, r)
    yield "q is 1 modulo e", [p, unsuitable, q, r], (q, r)
    yield "both are 1 modulo e", [unsuitable, at.prime_of_form(2 * E), q, r], (q, r)
    while True:
        pair = at.prime_of_form(2 * (1 << 31)), at.prime_of_form(2 * (1 << 31))
        if math.gcd(pair[0] - 1, pair[1] - 1) >= 1 << 32:
            break
    yield "a common factor of 2^32 of p-1 and q-1", [*pair, r, s], (r, s)
    largest = 2 * ((1 << 31) - 1)
    while True:
        pair = at.prime_of_form(largest), at.prime_of_form(largest)
        if math.gcd(pair[0] - 1, pair[1] - 1) == largest:
            break
    yield "a common factor of 2^32 - 2 of p-1 and q-1", list(pair), pair
    # The ends of the interval.
    low = next(n for n in range(LOW | 1, LOW + 10**6, 2) if may_be_prime(n) and is_prime(n))
    high = next(n for n in range((1 << BITS) - 1, 0, -2) if may_be_prime(n) and is_prime(n))
    yield "the least and the greatest prime", [low, high], (low, high)


def at_square(at):
    """The square of a prime, in the interval."""
    while True:
        root = at.odd() >> BITS // 2 | 1
        if root * root >= LOW and may_be_prime(root) and is_prime(root):
            return root * root


def write_candidates():
    table = []
    for name, candidates, pair in cases():
        row = {"case": name, "candidates": [f"{n:0{BITS // 4}x}" for n in candidates]}
        if pair:
            assert is_suitable(*pair) and abs(pair[0] - pair[1]) > 1 << (BITS - 100)
            row["key"] = {name: number.hex() for name, number in numbers(*pair).items()}
        table.append(row)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "candidates.json"), "w") as file:
        json.dump(table, file, indent=1)
        file.write("\n")


def print_self_test():
    best = None
    for attempt in range(1 << 16):
        drbg = Drbg(b"ssh-keypair self-test" + attempt.to_bytes(2, "big"))
        drbg.generate(32)
        primes = []
        for drawn, candidate in enumerate(wheel(drbg), 1):
            if best and drawn >= best[0] or drawn > 12:
                break
            if may_be_prime(candidate):
                primes.append(candidate)
            if len(primes) == 2:
                best = drawn, attempt, primes
                break
        if best and best[0] <= 3:
            break
    drawn, attempt, primes = best
    assert all(map(is_prime, primes)) and is_suitable(*primes)
    print(f"attempt {attempt}, {drawn} candidates")
    digest = hashlib.sha256(b"".join(numbers(*primes).values())).hexdigest()
    print("RSA:", digest)
    p = max(primes)
    multiple = next(p ^ x for x in range(2, 1 << 16, 2) if min((n for n in SMALL if (p ^ x) % n == 0), default=0) == 59)
    print(f"p ^ {p ^ multiple:#x} has the smallest factor 59")
    composite = next(p ^ x for x in range(2, 1 << 16, 2) if all((p ^ x) % n for n in SMALL) and not is_prime(p ^ x))
    print(f"p ^ {p ^ composite:#x} is composite without a small factor")

    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    for curve, length in [(ec.SECP256R1(), 32), (ec.SECP384R1(), 48), (ec.SECP521R1(), 48)]:
        key = ec.derive_private_key(int.from_bytes(b"\x5a" * length, "big"), curve).public_key()
        point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        print(curve.name, hashlib.sha256(point).hexdigest())
    key = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x5a" * 32).public_key()
    point = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    print("ed25519", hashlib.sha256(point).hexdigest())
    field = 2**255 - 19
    d = -121665 * pow(121666, -1, field) % field

    def has_x(y):
        return pow((y * y - 1) * pow(d * y * y + 1, -1, field), (field - 1) // 2, field) in (0, 1)

    y = int.from_bytes(point, "little") & (1 << 255) - 1
    flip = next(bit for bit in range(8) if not has_x(y ^ 1 << bit))
    assert has_x(y)
    print(f"ed25519 with bit {flip} of the first byte flipped is not a point")
    print("sha256", hashlib.sha256(b"abc").hexdigest())
    print("sha512", hashlib.sha512(b"abc").hexdigest())
    print("drbg", Drbg(b"\x5a" * 48).generate(64).hex())


if __name__ == "__main__":
    print_self_test() if sys.argv[1:] == ["self-test"] else write_candidates()
