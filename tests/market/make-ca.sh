#!/usr/bin/env bash
# Makes a throw-away certificate authority and one certificate signed by it.
# Usage: make-ca.sh FOLDER [HOST]...
# Writes FOLDER/ca.pem (to trust), cert.pem (the certificate, then the CA's) and
# key.pem. The certificate is good for each HOST, localhost and 127.0.0.1, for
# 30 days. The CA's own key is not kept.
set -euo pipefail

if [ $# -lt 1 ]; then
	echo "usage: make-ca.sh FOLDER [HOST]..." >&2
	exit 2
fi
folder=$1
shift
mkdir -p "$folder"
work=$(mktemp -d "$folder/.make-ca.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 077

names="DNS:localhost,IP:127.0.0.1"
for host in "$@"; do
	if [[ $host =~ ^[0-9.]+$ ]]; then
		names+=",IP:$host"
	else
		names+=",DNS:$host"
	fi
done

ssl() {
	openssl "$@" 2>"$work/log" || {
		cat "$work/log" >&2
		exit 1
	}
}

ssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days 30 \
	-subj "/CN=market throw-away CA" -keyout "$work/ca.key" -out "$work/ca.pem" \
	-addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
ssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 \
	-subj "/CN=${1:-localhost}" -keyout "$work/key.pem" -out "$work/request"
printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' "$names" \
	>"$work/extensions"
ssl x509 -req -in "$work/request" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
	-days 30 -sha256 -extfile "$work/extensions" -out "$work/leaf.pem"
cat "$work/leaf.pem" "$work/ca.pem" >"$work/cert.pem"
chmod 644 "$work/ca.pem" "$work/cert.pem"
mv "$work/key.pem" "$work/cert.pem" "$work/ca.pem" "$folder/"
