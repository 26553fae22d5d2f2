#!/usr/bin/env python3
"""Makes the composite test key, public and private: test material, never to be used. Needs Python's `cryptography` with ML-DSA.

OpenSSH supports the type since version 10.4; the layout here is that of the OpenSSH test keys, which the tests read as well.
The secrets are fixed, so the files are always the same.
"""

import base64
import pathlib
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

HERE = pathlib.Path(__file__).parent
NAME = b"ssh-mldsa44-ed25519@openssh.com"
COMMENT = b"test key"


def string(data):
    return struct.pack(">I", len(data)) + data


def main():
    seeds = [bytes(range(32)), bytes(range(32, 64))]
    mldsa = MLDSA44PrivateKey.from_seed_bytes(seeds[0]).public_key().public_bytes_raw()
    ed25519 = Ed25519PrivateKey.from_private_bytes(seeds[1]).public_key().public_bytes_raw()
    public = string(NAME) + string(mldsa + ed25519)
    line = NAME + b" " + base64.b64encode(public) + b" " + COMMENT + b"\n"
    (HERE / "mldsa44-ed25519.pub").write_bytes(line)

    section = b"test" * 2 + public + string(b"".join(seeds)) + string(COMMENT)
    section += bytes(range(1, 1 + -len(section) % 8))
    none = string(b"none")
    blob = b"openssh-key-v1\0" + none + none + string(b"") + struct.pack(">I", 1) + string(public) + string(section)
    base = base64.b64encode(blob).decode()
    lines = [base[at : at + 70] for at in range(0, len(base), 70)]
    text = "\n".join(["-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END OPENSSH PRIVATE KEY-----", ""])
    (HERE / "mldsa44-ed25519.openssh").write_text(text)


main()
