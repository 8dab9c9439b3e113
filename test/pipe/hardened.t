#!/bin/sh
# How the programs were built, read from the binaries: at any address, with nothing that can be
# both written and run, no table left writable that calls go through, and calls checked.
. "${0%/*}/../tap.sh"
bin=${OTKIT_BIN:-.}

for tool in readelf objdump; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed (Debian: binutils)"; exit 0; }
done

for p in otcap otdissect otinv calchain nis2report; do
	f=$bin/$p
	head=$(readelf -hW "$f") segments=$(readelf -lW "$f") dynamic=$(readelf -dW "$f")
	names=$(readelf -sW --dyn-syms "$f")
	echo "$head" | grep -q 'Type: *DYN' && echo "$dynamic" | grep -q 'FLAGS_1.*PIE'
	ok $? "$p: at any address (PIE)"
	echo "$segments" | grep -q GNU_RELRO && echo "$dynamic" | grep -q 'FLAGS.*NOW'
	ok $? "$p: what calls go through is bound at the start and then read only (RELRO)"
	echo "$segments" | grep GNU_STACK | grep -q 'RW ' && ! echo "$segments" | grep -E 'LOAD|GNU_STACK' | grep -q 'RWE'
	ok $? "$p: nothing can be both written and run"
	! echo "$dynamic" | grep -q TEXTREL
	ok $? "$p: no code that is changed when it is loaded"
	echo "$names" | grep -q '__stack_chk_fail'
	ok $? "$p: functions look whether their stack is whole"
	echo "$names" | grep -qE '__(mem|str|v?s?n?printf|read|v?fprintf)[a-z]*_chk'
	ok $? "$p: sizes that the compiler knows are checked (_FORTIFY_SOURCE)"
	if [ "$(uname -m)" = x86_64 ]; then
		# the first instruction of a function that is called through a pointer
		objdump -d --no-show-raw-insn "$f" | grep -A1 -E '<(main|stamp_put)>:$' | grep -q endbr64
		ok $? "$p: calls through pointers land where a function begins (CET)"
	else
		skip "$p: calls through pointers" "CET is of x86"
	fi
done
echo "1..$n"
exit $failed
