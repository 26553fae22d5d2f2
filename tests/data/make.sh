#!/bin/sh
# Makes the test data of this folder with ssh-keygen and openssl. The keys are test material: nobody may use them.
#
# Existing keys and certificates stay, missing ones are made, and everything that is derived from them is made again. To
# change the certificates, remove `ca-*.pub` first: the authorities' private keys are not kept. To change the private keys,
# remove `private`: encryption is random, so these files are made only once.
#
#   NAME.pub           a key; ca-*: the authorities; *sk: keys of a security key, assembled without one
#   NAME-cert.pub      a certificate for the key, and NAME-cert.txt, the output of `ssh-keygen -L` for it
#   NAME.spki.pem      the SubjectPublicKeyInfo (`BEGIN PUBLIC KEY`) of a plain key
#   NAME.pkcs1.pem     an RSA key as PKCS#1 (`BEGIN RSA PUBLIC KEY`)
#   NAME.rfc4716       a key or certificate in the format of RFC 4716
#   fingerprints.txt   `ssh-keygen -l` of the RSA keys
#   prints.txt         for every NAME.pub: a line with the name, and for each of five hashes the 12 lines of
#                      `ssh-keygen -lv`: one with the fingerprint, and 11 with the picture
#   ec2.txt            the name of an RSA key, and the MD5 of its SubjectPublicKeyInfo by openssl
#   authorized_keys    a file with comments, options, and two bad lines, and authorized_keys.txt, the output of
#                      `ssh-keygen -l` for it
#   x509/              certificates, by x509/make.py
#   private/           one RSA key in every supported format, and two other keys in OpenSSH's format, with NAME.pub, the
#                      public key line of each. Encrypted files have a middle name; their passphrase is `test material`
set -eu
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")"
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# make NAME TYPE BITS [COMMENT]: a key; the private half stays in the working folder.
make() {
    ssh-keygen -q -t "$2" -b "$3" -N '' -C "${4-test key}" -f "$work/$1"
    mv "$work/$1.pub" "$1.pub"
}

# key NAME TYPE BITS: makes a key if it does not exist.
key() {
    [ -f "$1.pub" ] || make "$1" "$2" "$3"
}

# token NAME TYPE OF SKIP: a key of a security key is the blob of a plain key with another type name, followed by the name
# of an application. OF is the plain type, and SKIP the length of its name including the length prefix.
token() {
    [ -f "$1.pub" ] && return
    make plain "$3" 256
    {
        printf "\\000\\000\\000\\$(printf %o "${#2}")%s" "$2"
        cut -d ' ' -f 2 plain.pub | base64 -d | tail -c "+$(($4 + 1))"
        printf '\000\000\000\004ssh:'
    } > "$work/blob"
    echo "$2 $(base64 < "$work/blob" | tr -d '\n') test key" > "$1.pub"
    rm plain.pub "$work/plain"
}

key rsa1024 rsa 1024
key rsa2048 rsa 2048
key rsa3072 rsa 3072
key rsa4096 rsa 4096
key rsa16384 rsa 16384
key dsa1024 dsa 1024
key ecdsa256 ecdsa 256
key ecdsa384 ecdsa 384
key ecdsa521 ecdsa 521
key ed25519 ed25519 256
token ecdsa256sk sk-ecdsa-sha2-nistp256@openssh.com ecdsa 23
token ed25519sk sk-ssh-ed25519@openssh.com ed25519 15

# sign NAME CA [OPTION]...: NAME-cert.pub
sign() {
    name=$1
    ca=$2
    shift 2
    ssh-keygen -q -s "$work/$ca" -I "$name of the tests" "$@" "$name.pub"
}

if ! [ -f ca-ed25519.pub ] || ! [ -f ca-rsa.pub ] || ! [ -f ca-ecdsa.pub ]; then
    make ca-ed25519 ed25519 256 'test authority'
    make ca-rsa rsa 3072 'test authority'
    make ca-ecdsa ecdsa 384 'test authority'
    years='-V 20200101:20400101'
    # shellcheck disable=SC2086 # two words
    {
        sign rsa2048 ca-ed25519 $years -z 0 -n root,alice
        sign dsa1024 ca-rsa $years -z 1 -h -n host.example,192.0.2.1
        sign ecdsa256 ca-ecdsa $years -z 18446744073709551615 -n alice -O clear \
            -O 'force-command=echo "a b"' -O 'source-address=192.0.2.0/24,2001:db8::/32'
        sign ecdsa384 ca-ed25519 -V always:forever -z 9223372036854775808 -h
        sign ecdsa521 ca-rsa $years -t rsa-sha2-256 -n a,b,c,d,e -O no-pty
        sign ed25519 ca-ecdsa -z 42 -n alice -O source-address=192.0.2.1/32 \
            -O 'extension:login@example.com=alice' -O critical:limit@example.com=1
        sign ed25519sk ca-ed25519 $years -n alice -O no-touch-required
        sign ecdsa256sk ca-rsa -V 20200101:forever -n alice -O verify-required
    }
fi

rm -f ./*.txt ./*.pem ./*.rfc4716 authorized_keys
for file in *.pub; do
    name=${file%.pub}
    # The name of this machine does not belong here.
    ssh-keygen -e -m RFC4716 -f "$file" |
        sed 's/converted by .*"/converted by user@host from OpenSSH"/' > "$name.rfc4716"
    {
        echo "$file"
        for hash in md5 sha1 sha256 sha384 sha512; do
            ssh-keygen -lv -E "$hash" -f "$file"
        done
    } >> prints.txt
    case $name in
        *-cert)
            ssh-keygen -L -f "$file" > "$name.txt"
            ;;
        rsa* | ca-rsa)
            ssh-keygen -e -m PEM -f "$file" > "$name.pkcs1.pem"
            ssh-keygen -e -m PKCS8 -f "$file" > "$name.spki.pem"
            hash=$(openssl pkey -pubin -in "$name.spki.pem" -outform DER | openssl md5 -c)
            echo "$name ${hash##* }" >> ec2.txt
            ;;
        *sk) ;;
        *ed25519)
            # ssh-keygen does not write this format for Ed25519. The key is the last 32 bytes of the blob.
            {
                printf '\060\052\060\005\006\003\053\145\160\003\041\000'
                cut -d ' ' -f 2 "$file" | base64 -d | tail -c 32
            } | openssl pkey -pubin -inform DER > "$name.spki.pem"
            ;;
        *)
            ssh-keygen -e -m PKCS8 -f "$file" > "$name.spki.pem"
            ;;
    esac
done

for bits in 1024 2048 3072 4096 16384; do
    for hash in md5 sha256; do
        ssh-keygen -l -E "$hash" -f "rsa$bits.pub" >> fingerprints.txt
    done
done

# The two bad lines say so.
cat > authorized_keys << END
# Keys of alice

$(cat ed25519.pub)
restrict $(cat rsa2048.pub)
command="echo \\"a b\\" # no comment",no-pty $(cat ecdsa256.pub)
  from="192.0.2.0/24,2001:db8::/32,*.example" $(cut -d ' ' -f 1,2 rsa3072.pub)
environment="A=b c",environment="D=\\"e,f\\"",permitopen="host.example:22" $(cut -d ' ' -f 1,2 ecdsa521.pub) two  words

    # A comment that is indented
cert-authority,principals="alice,root",expiry-time="20400101" $(cat ca-ed25519.pub)
command="never closed $(sed "s/test key/bad: no closing quote/" ecdsa384.pub)
no-touch-required $(cat ed25519sk.pub)
$(cut -c 1-60 rsa4096.pub) bad: cut short
$(cat ed25519-cert.pub)
END
ssh-keygen -l -f authorized_keys > authorized_keys.txt 2> /dev/null

passphrase='test material'
# openssh NAME FILE [OPTION]...: private/FILE, a copy of private/NAME.openssh, encrypted with the passphrase.
openssh() {
    cp "private/$1.openssh" "private/$2"
    file=$2
    shift 2
    ssh-keygen -q -p -P '' -N "$passphrase" -a 1 "$@" -f "private/$file" > "$work/said"
}

if ! [ -d private ]; then
    printf %s "$passphrase" > "$work/passphrase"
    : > "$work/none"
    mkdir private

    # ppk FILE PASSPHRASE-FILE PARAMETERS: private/FILE
    ppk() {
        puttygen private/rsa2048.openssh -O private -o "private/$1" --new-passphrase "$work/$2" --ppk-param "$3"
    }

    for key in rsa:2048 ecdsa:256 ed25519:; do
        name=private/$(echo "$key" | tr -d :)
        bits=${key#*:}
        ssh-keygen -q -t "${key%:*}" ${bits:+-b "$bits"} -N '' -C 'test key' -f "$name.openssh"
        mv "$name.openssh.pub" "$name.pub"
    done
    openssh rsa2048 rsa2048.aes256-ctr.openssh -Z aes256-ctr
    openssh rsa2048 rsa2048.aes256-gcm.openssh -Z aes256-gcm@openssh.com
    ppk rsa2048.ppk none version=3
    ppk rsa2048.argon2id.ppk passphrase version=3,memory=64,passes=2
    ppk rsa2048.v2.ppk passphrase version=2
    puttygen private/rsa2048.ppk -O private-openssh -o private/rsa2048.pkcs1.pem --new-passphrase "$work/none"
    openssl rsa -in private/rsa2048.pkcs1.pem -traditional -aes256 -passout "pass:$passphrase" \
        -out private/rsa2048.aes256.pkcs1.pem
    openssl pkcs8 -topk8 -in private/rsa2048.pkcs1.pem -nocrypt -out private/rsa2048.pkcs8.pem
    openssl pkcs8 -topk8 -in private/rsa2048.pkcs1.pem -v2 aes-256-cbc -v2prf hmacWithSHA256 -passout "pass:$passphrase" \
        -out private/rsa2048.pbkdf2.pkcs8.pem
    openssl pkcs8 -topk8 -in private/rsa2048.pkcs1.pem -scrypt -passout "pass:$passphrase" \
        -out private/rsa2048.scrypt.pkcs8.pem
fi
# Encryptions that this crate reads and never writes.
if ! [ -e private/rsa2048.3des.openssh ]; then
    openssh rsa2048 rsa2048.3des.openssh -Z 3des-cbc
    openssh rsa2048 rsa2048.chacha20.openssh -Z chacha20-poly1305@openssh.com
    openssl rsa -in private/rsa2048.pkcs1.pem -traditional -des3 -passout "pass:$passphrase" -out private/rsa2048.3des.pkcs1.pem
    openssl pkcs8 -topk8 -in private/rsa2048.pkcs1.pem -v1 PBE-SHA1-3DES -passout "pass:$passphrase" \
        -out private/rsa2048.pbes1.pkcs8.pem
    openssl pkcs8 -topk8 -in private/rsa2048.pkcs1.pem -v2 des3 -v2prf hmacWithSHA1 -passout "pass:$passphrase" \
        -out private/rsa2048.3des.pkcs8.pem
fi

python3 x509/make.py
python3 composite/make.py

chmod 644 ./*.pub ./*.txt ./*.pem ./*.rfc4716 authorized_keys private/*
chmod 755 private
