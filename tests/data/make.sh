#!/bin/sh
# Makes the test keys of this folder with OpenSSH's ssh-keygen. They are test material: nobody may use them.
set -eu
cd "$(dirname "$0")"
rm -f rsa*.pub fingerprints.txt
for bits in 1024 2048 3072 4096 16384; do
    ssh-keygen -q -t rsa -b "$bits" -N '' -C 'test key' -f "rsa$bits"
    rm "rsa$bits"
    for hash in md5 sha256; do
        ssh-keygen -l -E "$hash" -f "rsa$bits.pub" >> fingerprints.txt
    done
done
