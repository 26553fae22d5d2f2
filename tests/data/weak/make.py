#!/usr/bin/env python3
"""Makes the weak keys of this folder, of each kind, with sound keys that are just outside of it, and made.tsv: the findings that
a thorough audit and an import must report.

Needs only the standard library. The numbers are drawn from a fixed seed, so the files are the same each time. All of it is test
material: the factors of each key follow from this script.
"""

import base64
import itertools
import math
import pathlib
import random

rng = random.Random("weak test keys")
here = pathlib.Path(__file__).parent
rows = []


def is_prime(n):
    """Miller-Rabin, 8 rounds."""
    if n < 2 or any(n % p == 0 for p in SMALL_PRIMES):
        return n in SMALL_PRIMES
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        x = pow(rng.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


SMALL_PRIMES = [p for p in range(2, 2000) if all(p % d for d in range(2, math.isqrt(p) + 1))]


def prime(bits, condition=lambda p: True):
    """A prime whose two highest bits are set."""
    while True:
        p = rng.getrandbits(bits) | 3 << (bits - 2) | 1
        if condition(p) and is_prime(p):
            return p


def next_prime(n, step=2):
    """The next prime at a multiple of the step above n."""
    n += step
    while not is_prime(n):
        n += step
    return n


def string(data):
    return len(data).to_bytes(4, "big") + data


def mpint(n):
    return string(n.to_bytes(n.bit_length() // 8 + 1, "big"))


def line(kind, *fields):
    blob = string(kind.encode()) + b"".join(fields)
    return f"{kind} {base64.b64encode(blob).decode()}"


def write(name, text, thorough, quick):
    (here / f"{name}.pub").write_text(f"{text} test key\n")
    rows.append(f"{name}.pub\t{' '.join(thorough) or '-'}\t{' '.join(quick) or '-'}\n")


def rsa(name, n, *findings, e=65537, slow=()):
    """Writes a key with the findings of an import, and those that only a thorough audit has."""
    findings = list(findings)
    if n.bit_length() < 2048:
        findings.insert(0, "small-modulus")
    write(name, line("ssh-rsa", mpint(e), mpint(n)), [*findings, *slow], findings)


def main():
    sound()
    exponents()
    factors()
    fermat()
    halves()
    roca()
    patterns()
    guessable()
    # Later kinds come last, so that the keys of the others stay the same.
    medium_factors()
    fermat_long()
    ratios()
    differences()
    words()
    weights()
    orders()
    rsa("exponent-24-bits", rng_n(), e=(1 << 24) - 1)
    rsa("exponent-25-bits", rng_n(), "large-exponent", e=(1 << 24) + 1)
    last_steps()
    # A search would take minutes.
    long = (random.Random("a prime of 4096 bits").getrandbits(4096) | 3 << 4094 | 1) + 698
    assert is_prime(long)
    rsa("prime-4096", long, slow=["prime-modulus"])
    # ROCA's form, and a prime modulus: only the first is reported.
    product = math.prod(SMALL_PRIMES[:126])
    long = (random.Random("a prime of 2048 bits").getrandbits(2048) | 3 << 2046) // product * product
    rsa("roca-prime", next_prime(long + pow(65537, 10**9, product), 2 * product), "roca")
    (here / "made.tsv").write_text("".join(rows))
    print(len(rows), "keys")


def sound():
    rsa("sound", prime(1024) * prime(1024))
    rsa("sound-1024", prime(512) * prime(512))
    rsa("sound-unlike", prime(1000) * prime(1400))


def exponents():
    n = prime(1024) * prime(1024)
    rsa("exponent-3", n, "small-exponent", e=3)
    rsa("exponent-65535", n, "small-exponent", e=65535)
    rsa("exponent-65539", n, e=65539)


def factors():
    for factor in (3, 251, 32749, 32771, 65521):
        rsa(f"factor-{factor}", factor * prime(2040), "small-factor")
    rsa("factor-65521-1024", 65521 * prime(1020), "small-factor")
    rsa("factor-65537", 65537 * prime(2040), "small-factor")
    rsa("prime", prime(2048), slow=["prime-modulus"])
    rsa("prime-3072", prime(3072), slow=["prime-modulus"])
    rsa("square", prime(1024) ** 2, "perfect-power")
    rsa("cube", prime(683) ** 3, "perfect-power")
    rsa("power-4", prime(512) ** 4, "perfect-power")
    rsa("power-7", prime(300) ** 7, "perfect-power")
    rsa("power-61", prime(34) ** 61, "perfect-power")


def rounds(p, q):
    """How many numbers Fermat's method tries."""
    return (p + q) // 2 - math.isqrt(p * q - 1)


def after_rounds(p, tries):
    """A prime that Fermat's method finds after so many tries."""
    guesses = (next_prime(p + 2 * math.isqrt(2 * p * (4 * tries + i) // 4)) for i in range(-8, 9))
    return next(q for q in guesses if rounds(p, q) == tries)


def fermat():
    p = prime(1024)
    rsa("close-primes", p * next_prime(p), "close-primes")
    # d^2 is nearly 2 s times the count of numbers that are tried.
    rsa("close-primes-last", p * after_rounds(p, 100), "close-primes")
    rsa("close-primes-beyond", p * after_rounds(p, 101), slow=["close-primes"])
    p = prime(512)
    rsa("close-primes-1024", p * next_prime(p + (1 << 200)), "close-primes")


def halves():
    for bits, common in ((1024, 520), (512, 262), (1536, 768)):
        p = prime(bits)
        q = prime(bits, lambda q: True) >> common << common | p % (1 << common)
        rsa(f"equal-halves-{2 * bits}", p * next_prime(q, 1 << common), "equal-halves")
    # 16 equal bits at the upper end, and 500 at the lower end.
    p = prime(1024)
    q = p ^ rng.getrandbits(1007 - 500) << 500
    rsa("equal-halves-both-ends", p * next_prime(q, 1 << 500), "equal-halves")
    q = prime(1024) >> 400 << 400 | p % (1 << 400)
    rsa("equal-lower-400", p * next_prime(q, 1 << 400))


def rng_n():
    return prime(1024) * prime(1024)


def medium_factors():
    rsa("factor-131071", 131071 * prime(2040), "small-factor")
    rsa("factor-131071-4096", 131071 * prime(4080), "small-factor")
    # p-1 is 2^2 * 3 * 5^2 * 19 * 23.
    rsa("factor-131101", 131101 * prime(2040), slow=["smooth-order"])
    # (p-1)/2 is a prime, and a factor of p+1 is large: for the rho method.
    rsa("factor-rho", next_safe((1 << 18) + 1) * prime(2040), slow=["smooth-order"])
    rsa("factor-50-bits", next_safe((1 << 49) + 1) * prime(2040))


def next_safe(n):
    """A prime p for which (p-1)/2 is a prime, and the largest factor of p+1 is above 2^10."""
    while True:
        n = next_prime(n)
        rest = n + 1
        for small in SMALL_PRIMES:
            while small < 1 << 10 and rest % small == 0:
                rest //= small
        if is_prime(n // 2) and rest > 1 << 10:
            return n


def fermat_long():
    p = prime(1024)
    rsa("close-primes-thorough", p * after_rounds(p, 99_999), slow=["close-primes"])
    rsa("close-primes-far", p * after_rounds(p, 100_003))


def ratios():
    for a, b in ((2, 3), (1, 7), (11, 13), (15, 16), (14, 15), (9, 10), (3, 16)):
        p = prime(1020)
        rsa(f"ratio-{b}-{a}", p * next_prime((b * p // a) | 1), "prime-ratio")
    p = prime(2040)
    rsa("ratio-5-4-4096", p * next_prime((5 * p // 4) | 1), "prime-ratio")
    p = prime(1020)
    rsa("ratio-17-16", p * next_prime((17 * p // 16) | 1))
    # A quarter of the bits of n, which is what one step allows for, and more.
    rsa("ratio-3-2-near", p * next_prime((3 * p // 2 + (1 << 508)) | 1), "prime-ratio")
    rsa("ratio-3-2-far", p * next_prime((3 * p // 2 + (1 << 520)) | 1))
    for k in (1, 24, 25, 1024):
        p = prime(1024 - min(k, 300))
        rsa(f"ratio-power-{k}", p * next_prime((p << k) + 1), *["patterned-modulus"] * (k == 1024), "prime-ratio")
    p = prime(512)
    # The primes of such a ratio are out of the reach of the check, but n has a run of zeros.
    rsa("ratio-power-1026", p * next_prime((p << 1026) + 1), "patterned-modulus")


def differences():
    for k, small in ((900, 0), (900, -(1 << 100)), (600, 1 << 300), (520, 0), (1012, 0)):
        p = prime(1024)
        rsa(f"difference-{k}-{small.bit_length()}{'-less' * (small < 0)}", p * next_prime(p + (1 << k) + small), "prime-difference")
    p = prime(2048)
    rsa("difference-2026-4096", p * next_prime(p + (1 << 2026)), "prime-difference")
    p = prime(512)
    rsa("difference-400-1024", p * next_prime(p + (1 << 400)), "prime-difference")
    for k in (1013, 1022):
        p = prime(1024)
        rsa(f"difference-{k}", p * next_prime(p - (1 << k)), slow=["prime-difference"])
    p = prime(1024)
    rsa("difference-900-far", p * next_prime(p + (1 << 900) + (1 << 140)))


def last_steps():
    """At the ends of the searches for ratios and differences."""
    # s = 3p + 2q is above the root of 24n by d^2 / 2s, for d = 2q - 3p: 3.5 and 4.5.
    for step, seven in ((4, 7), (5, 9)):
        p = prime(1020)
        q = next_prime((3 * p + math.isqrt(seven * 6 * p)) // 2 | 1)
        rsa(f"ratio-3-2-step-{step}", p * q, *["prime-ratio"] * (step == 4))
    # As long as p: the largest difference for which the root of n has as many bits.
    p = prime(1024, lambda p: p >> 1020 == 15)
    rsa("difference-1023", p * next_prime(p - (1 << 1023)), slow=["prime-difference"])


def words():
    def repeated(word, size, bits):
        """The number of so many bits that repeats a word, cut off at its lower end."""
        return int(bin(word)[2:].zfill(size) * (bits // size + 1), 2) >> (bits // size + 1) * size - bits

    def next_to_word(size, bits=1024, top=True):
        word = rng.getrandbits(size) | (3 << size - 2 if top else 1)
        return next_prime(repeated(word, size, bits) | 3 << bits - 2 | 1)

    for size in (8, 11, 16, 61, 64, 128, 200, 256):
        rsa(f"word-{size}", next_to_word(size) * next_to_word(size), "repeated-word")
    # The highest bits are set afterwards.
    rsa("word-32-set", next_to_word(32, top=False) * next_to_word(32, top=False), "repeated-word")
    rsa("word-64-1024", next_to_word(64, 512) * next_to_word(64, 512), "repeated-word")
    rsa("word-24-4096", next_to_word(24, 2048) * next_to_word(24, 2048), "repeated-word")
    rsa("word-257", next_to_word(257) * next_to_word(257))
    rsa("word-31-32", next_to_word(31) * next_to_word(32))
    rsa("word-one-prime", next_to_word(32) * prime(1024))


def weights():
    def sparse(count, bits=1024, signs=(1,)):
        while True:
            p = sum(rng.choice(signs) << rng.randrange(1, bits - 2) for _ in range(count - 3)) + (3 << bits - 2) + 1
            if is_prime(p):
                return p

    # Both have a run of zeros.
    rsa("weight-16", sparse(16) * sparse(16), "patterned-modulus", "low-weight")
    rsa("weight-16-signs", sparse(16, signs=(1, -1)) * sparse(16, signs=(1, -1)), "patterned-modulus", "low-weight")
    rsa("weight-12-1024", sparse(12, 512) * sparse(12, 512), "low-weight")
    rsa("weight-60", sparse(60) * sparse(60))
    rsa("weight-one-prime", sparse(16) * prime(1024))


def orders():
    def smooth(sign, last, bits=1024):
        """A prime p for which p - sign has only factors up to 2^10, and one more."""
        factors = [q for q in SMALL_PRIMES if 2 < q < 1 << 10 and q != last]
        while True:
            # Each factor once: the bound is one on prime powers.
            product = 2 * last
            for factor in rng.sample(factors, 150):
                if product.bit_length() < bits - 1:
                    product *= factor
            if is_prime(product + sign):
                return product + sign

    # 1021 is the largest prime below 2^10.
    rsa("order-minus", smooth(1, 1021) * prime(1040), slow=["smooth-order"])
    rsa("order-plus", smooth(-1, 1021) * prime(1040), slow=["smooth-order"])
    rsa("order-minus-1031", smooth(1, 1031) * prime(1040))
    rsa("order-plus-1031", smooth(-1, 1031) * prime(1040))


def roca():
    primes = SMALL_PRIMES[:126]
    product = math.prod(primes)

    def infineon():
        while True:
            k = rng.randrange((3 << 1022) // product, (1 << 1024) // product)
            p = k * product + pow(65537, rng.getrandbits(256), product)
            if is_prime(p):
                return p

    rsa("roca", infineon() * infineon(), "roca")
    # Passes the sieve as if by chance: a power modulo each prime, but not with one common exponent.
    target, modulus = 1, 2
    for r in primes[1:39]:
        power = pow(65537, rng.getrandbits(64), r)
        target += modulus * ((power - target) * pow(modulus, -1, r) % r)
        modulus *= r
    p = prime(1024, lambda p: math.gcd(p, modulus) == 1)
    q = (3 << 1022 | rng.getrandbits(1000)) // modulus * modulus + target * pow(p, -1, modulus) % modulus
    rsa("roca-sieve-only", p * next_prime(q, modulus))


def patterns():
    def with_top(top, bits):
        """The product of two primes that begins with the given bits: Lenstra's construction."""
        p, rest = prime(bits // 2), bits - top.bit_length()
        top = top << rest | rng.getrandbits(rest)
        return p * next_prime(-(-top // p) | 1)

    rsa("pattern-zeros", with_top(1 << 80 | 1, 2048), "patterned-modulus")
    rsa("pattern-ones", with_top((1 << 90) - 1, 2048), "patterned-modulus")
    rsa("pattern-words", with_top(int.from_bytes(b"\xde\xad\xbe\xef" * 4, "big"), 2048), "patterned-modulus")
    rsa("pattern-text", with_top(int.from_bytes(b"not a pattern", "big"), 2048))
    # p and q are polynomials in 2^32 (or 2^16) with small coefficients.
    for name, size in (("pattern-polynomial", 32), ("pattern-polynomial-1024", 16)):
        while True:
            p, q = (
                sum(rng.randrange(1, 1 << size // 4) << size * i for i in range(32)) | 3 << size * 32 - 2 for _ in range(2)
            )
            p, q = (next(x for x in itertools.count(x | 1, 2) if is_prime(x)) for x in (p, q))
            n = p * q
            words = [n >> size * i & (1 << size) - 1 for i in range(n.bit_length() // size)]
            same = any(len({word >> bit & 1 for word in words}) == 1 for bit in range(size))
            if len(words) == 64 and same and all(n % p for p in SMALL_PRIMES):
                # The coefficients of the longer one have a quarter of the bits of its words.
                rsa(name, n, "patterned-modulus", *["low-weight"] * (size == 32))
                break


FOUND = ["guessable-secret"]


def guessable():
    """The Ed25519 key with a seed of zeros (its public key is in many test suites), and the generators of the NIST curves."""
    zeros = bytes.fromhex("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29")
    write("guessable-ed25519", line("ssh-ed25519", string(zeros)), FOUND, FOUND)
    base = bytes([0x58]) + bytes([0x66]) * 31
    write("guessable-base-point", line("ssh-ed25519", string(base)), FOUND, FOUND)
    sk = "sk-ssh-ed25519@openssh.com"
    write("guessable-ed25519-sk", line(sk, string(base), string(b"ssh:")), FOUND, FOUND)
    generators = {
        256: (
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ),
        384: (
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
        521: (
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff"
            "a8de3348b3c1856a429bf97e7e31c2e5bd66",
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad"
            "0761353c7086a272c24088be94769fd16650",
        ),
    }
    for bits, (x, y) in generators.items():
        curve = f"nistp{bits}"
        point = b"\x04" + bytes.fromhex(x) + bytes.fromhex(y)
        name = f"ecdsa-sha2-{curve}"
        write(f"guessable-ecdsa{bits}", line(name, string(curve.encode()), string(point)), FOUND, FOUND)


main()
