#!/usr/bin/env python3
"""Makes the certificates of this folder with Python's cryptography and openssl. They are test material: nobody may use them.

Existing certificates stay, and missing ones are made. The private keys are not kept.

    rsa2048.pem       like Nova's, from 2020-01-01 to 2029-12-29
    expired.pem       the same, until 2001
    forever.pem       the same, until 9999-12-31T23:59:59Z, which means without end
    version1.pem      without extensions, by openssl
    rsa1024.pem, rsa4096.pem, ecdsa256.pem, ecdsa384.pem, ecdsa521.pem, ed25519.pem, dsa1024.pem
                      other keys, signed by an RSA authority
    brainpool.pem, ed448.pem
                      key types that SSH does not have
"""

import datetime
import pathlib
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

FOLDER = pathlib.Path(__file__).parent


def day(year, month, day):
    return datetime.datetime(year, month, day)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def upn(user):
    text = f"{user}@localhost".encode()
    return x509.OtherName(ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c" + bytes([len(text)]) + text)


def certificate(file, public_key, issuer, signer, start, end):
    path = FOLDER / file
    if path.exists():
        return
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("test user"))
        .issuer_name(name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([upn("test user")]), critical=False)
    )
    made = builder.sign(signer, hashes.SHA256())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def self_signed(file, start, end):
    key = rsa.generate_private_key(65537, 2048)
    certificate(file, key.public_key(), "test user", key, start, end)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def main():
    self_signed("rsa2048.pem", day(2020, 1, 1), day(2029, 12, 29))
    self_signed("expired.pem", day(2000, 1, 1), day(2001, 1, 1))
    self_signed("forever.pem", day(2020, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59))

    authority = rsa.generate_private_key(65537, 2048)
    others = {
        "rsa1024": rsa.generate_private_key(65537, 1024),
        "rsa4096": rsa.generate_private_key(65537, 4096),
        "ecdsa256": ec.generate_private_key(ec.SECP256R1()),
        "ecdsa384": ec.generate_private_key(ec.SECP384R1()),
        "ecdsa521": ec.generate_private_key(ec.SECP521R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
        "brainpool": ec.generate_private_key(ec.BrainpoolP256R1()),
        "ed448": ed448.Ed448PrivateKey.generate(),
    }
    for kind, key in others.items():
        certificate(f"{kind}.pem", key.public_key(), "test authority", authority, day(2020, 1, 1), day(2040, 1, 1))

    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        key, request = str(work / "key.pem"), str(work / "request.pem")
        days = ["-days", "7300"]
        if not (FOLDER / "version1.pem").exists():
            openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=test user")
            openssl("x509", "-req", "-in", request, "-signkey", key, *days, "-out", str(FOLDER / "version1.pem"))
        if not (FOLDER / "dsa1024.pem").exists():
            parameters, key = str(work / "parameters.pem"), str(work / "dsa.pem")
            sizes = ["-pkeyopt", "dsa_paramgen_bits:1024", "-pkeyopt", "dsa_paramgen_q_bits:160"]
            openssl("genpkey", "-genparam", "-algorithm", "DSA", *sizes, "-out", parameters)
            openssl("genpkey", "-paramfile", parameters, "-out", key)
            arguments = ["-key", key, "-subj", "/CN=test user", *days]
            openssl("req", "-x509", "-new", *arguments, "-out", str(FOLDER / "dsa1024.pem"))


if __name__ == "__main__":
    main()
