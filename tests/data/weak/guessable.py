#!/usr/bin/env python3
"""Writes src/audit/guessable_secret.bin: the public halves of secrets that anybody would try.

Needs Python's `cryptography`. Runs in any folder; the file is the same each time. All of it is test material: never use any
of these secrets.
"""

import hashlib
import pathlib

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDERS = {
    ec.SECP256R1: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ec.SECP384R1: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ec.SECP521R1: 2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
}


def patterns(length):
    """Byte strings with a pattern."""
    yield from (bytes([byte]) * length for byte in range(256))
    up, down = bytes(range(length)), bytes(range(length, 0, -1))
    yield from (up, up[::-1], down, down[::-1])


def ecdsa_numbers():
    """x of the ECDSA keys."""
    for curve, order in ORDERS.items():
        length = (order.bit_length() + 7) // 8
        secrets = set(range(1, 257))
        for pattern in patterns(length):
            # As long as the order, or cut to its bits, as generators do: masked, or shifted right.
            number = int.from_bytes(pattern, "big")
            secrets |= {number, number & (1 << order.bit_length()) - 1, number >> 8 * length - order.bit_length()}
        for secret in sorted(secrets):
            if 0 < secret < order:
                yield ec.derive_private_key(secret, curve()).public_key().public_numbers().x


def add(a, b):
    """The sum of two points of edwards25519."""
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P,
    )


def ed25519_encodings():
    """The encodings of the Ed25519 keys."""
    seeds = set(patterns(32))
    for number in range(257):
        seeds |= {number.to_bytes(32, "big"), number.to_bytes(32, "little")}
    for seed in sorted(seeds):
        key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        yield key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    base_y = 4 * pow(5, -1, P) % P
    # The even root is the x of the base point.
    square = (base_y * base_y - 1) * pow(D * base_y * base_y + 1, -1, P) % P
    base_x = pow(square, (P + 3) // 8, P)
    if base_x * base_x % P != square:
        base_x = base_x * pow(2, (P - 1) // 4, P) % P
    base = (P - base_x if base_x % 2 else base_x, base_y)
    assert base[0] * base[0] % P == square
    point = base
    for _ in range(256):
        x, y = point
        for sign in (x % 2, 1 - x % 2):
            yield (y | sign << 255).to_bytes(32, "little")
        point = add(point, base)


def number(x):
    """Big-endian without leading zeros."""
    return x.to_bytes((x.bit_length() + 7) // 8, "big")


def main():
    numbers = [number(x) for x in ecdsa_numbers()]
    numbers += [encoding.lstrip(b"\0") for encoding in ed25519_encodings()]
    records = sorted({hashlib.sha256(number).digest()[:15] + b"\0" for number in numbers})
    path = pathlib.Path(__file__).parents[3] / "src/audit/guessable_secret.bin"
    path.write_bytes(b"".join(records))
    print(len(records), "records")


main()
