#!/bin/sh
# calchain with a key in a token: SoftHSM's, by a provider of OpenSSL where there is one; where there
# is none, the error says what is missing.
bin=$(cd "${OTKIT_BIN:-.}" && pwd)
. "${0%/*}/../tap.sh"
told=err
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
calchain=$bin/calchain

end() # why the rest is left out, or nothing
{
	[ $# -eq 0 ] || { n=$((n + 1)); echo "ok $n # SKIP $*"; }
	echo "1..$n"
	exit $failed
}

pin=$(od -A n -t u4 -N 4 /dev/urandom | tr -d ' ')
key="pkcs11:token=lab;object=log;type=private?pin-value=$pin"

# without a provider, and with one that nobody has: one line, and no PIN in it
"$calchain" init -k "$key" -n anna -o lab.example l >out 2>err
[ $? -eq 2 ] && [ "$(cat err)" = \
    "calchain init: pkcs11: no provider that is loaded knows keys in tokens (--provider)" ]
ok $? "a key in a token needs a provider"
"$calchain" init --provider none-such -k "$key" -n anna -o lab.example l >out 2>err
[ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'no provider of this name: .*/none-such.so is missing$' err
ok $? "one that is not there"
[ ! -e l ]
ok $? "and no ledger is made"

# OPENSSL_MODULES: a folder that has the provider, where it is not installed
modules=$(openssl version -m | sed 's/.*"\(.*\)"/\1/')
if [ ! -e "${OPENSSL_MODULES:-$modules}/pkcs11.so" ]; then
	"$calchain" init --provider pkcs11 -k "$key" -n anna -o lab.example l >out 2>err
	[ $? -eq 2 ] && [ "$(cat err)" = "calchain init: pkcs11: OpenSSL has no provider of this name: \
$modules/pkcs11.so is missing (Debian's package pkcs11-provider, in 12 of its backports)" ]
	ok $? "what is missing for tokens is said"
	end "no provider of OpenSSL for PKCS #11 is installed"
fi
for tool in softhsm2-util openssl; do
	command -v $tool >/dev/null || end "$tool is not installed"
done
for PKCS11_PROVIDER_MODULE in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so ""; do
	[ ! -e "$PKCS11_PROVIDER_MODULE" ] || break
done
[ -n "$PKCS11_PROVIDER_MODULE" ] || end "SoftHSM's module is not installed"
mkdir tokens
echo "directories.tokendir = $dir/tokens" >softhsm.conf
SOFTHSM2_CONF=$dir/softhsm.conf
export SOFTHSM2_CONF PKCS11_PROVIDER_MODULE
openssl genpkey -algorithm ed25519 -out log.pem
softhsm2-util --init-token --free --label lab --pin "$pin" --so-pin "$pin" >out 2>err &&
    softhsm2-util --import log.pem --token lab --label log --id 01 --pin "$pin" >out 2>err
ok $? "a token with a key"
# SoftHSM calls OpenSSL itself while it holds its locks: without a library context of its own the
# provider waits for ever
timeout 60 "$calchain" init --provider pkcs11 -k "$key" -n anna -o lab.example l >out 2>err
ok $? "a ledger begins with it"
openssl pkey -in log.pem -pubout -outform DER | tail -c 32 >public
sed 's/.*+//' out | base64 -d | tail -c 32 | cmp -s - public
ok $? "its verifier key is that of the key in the token"
echo '{"event_type":"note","note":{"text":"by a token"}}' |
    timeout 60 "$calchain" append --provider pkcs11 -k "$key" l >out 2>err
ok $? "it appends"
"$calchain" verify l >out 2>err
ok $? "and that verifies, without a token"
timeout 60 "$calchain" append --provider pkcs11 -k "${key%=*}=0" l </dev/null >out 2>err
[ $? -eq 2 ] && ! grep -q "$pin" err
ok $? "a wrong PIN is refused"
timeout 60 "$calchain" append --provider pkcs11 \
    -k "pkcs11:token=lab;object=none;type=private?pin-value=$pin" l </dev/null >out 2>err
[ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]
ok $? "a key that the token has not"
! grep -q "$pin" err
ok $? "and no PIN in what is said of it"

# one in a file beside it, in both places
"$calchain" keygen --no-passphrase -n bo bo.pem >bo.vkey &&
    timeout 60 "$calchain" key add --provider pkcs11 -k "$key" -r new --role author \
        --vkey "$(cat bo.vkey)" l >out 2>err &&
    echo '{"event_type":"note","note":{"text":"by a file"}}' |
    timeout 60 "$calchain" append --provider pkcs11 -k bo.pem -l "$key" l >out 2>err &&
    "$calchain" verify l >out 2>err
ok $? "an author's key in a file, the log's in a token"
end
