"""Converts private keys with Python's `cryptography`: `read IN OUT PASSPHRASE` writes a key in any format as PKCS#1,
`write FORM IN OUT PASSPHRASE` writes a PKCS#1 key in that format, and `make KIND OUT` makes an unusual key."""

import math
import sys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

FORMS = {
    "pkcs1": PrivateFormat.TraditionalOpenSSL,
    "pkcs8": PrivateFormat.PKCS8,
    "openssh": PrivateFormat.OpenSSH,
}


def load(path, passphrase):
    with open(path, "rb") as file:
        data = file.read()
    # A key that is not encrypted is rejected with a passphrase.
    ssh = b"OPENSSH" in data
    reader = serialization.load_ssh_private_key if ssh else serialization.load_pem_private_key
    try:
        return reader(data, None)
    except (TypeError, ValueError):
        return reader(data, passphrase)


def save(path, key, form, encryption):
    with open(path, "wb") as file:
        file.write(key.private_bytes(serialization.Encoding.PEM, form, encryption))


def odd(kind):
    key = rsa.generate_private_key(3 if kind == "e3" else 65537, 2048).private_numbers()
    p, q, d = key.p, key.q, key.d
    e, n = key.public_numbers.e, key.public_numbers.n
    if kind == "swapped":
        p, q = min(p, q), max(p, q)
    elif kind == "phi":
        # The inverse modulo (p-1)(q-1), instead of the least common multiple.
        d = pow(e, -1, (p - 1) * (q - 1))
        if d == pow(e, -1, math.lcm(p - 1, q - 1)):
            return odd(kind)
    dmp1, dmq1, iqmp = d % (p - 1), d % (q - 1), pow(q, -1, p)
    return rsa.RSAPrivateNumbers(p, q, d, dmp1, dmq1, iqmp, rsa.RSAPublicNumbers(e, n)).private_key()


def main(verb, *arguments):
    if verb == "make":
        kind, target = arguments
        save(target, odd(kind), PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
        return
    *form, source, target, passphrase = arguments
    key = load(source, passphrase.encode())
    form, encrypted = (form[0].split("+") + [""])[:2] if form else ("pkcs1", "")
    encryption = serialization.NoEncryption()
    if encrypted:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    save(target, key, FORMS[form], encryption)


main(*sys.argv[1:])
