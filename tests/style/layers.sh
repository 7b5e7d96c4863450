#!/bin/sh
# layers.sh - who may include whom. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/style/sources.sh"

# Every #include "..." of runtime/, generated/ and tools/rax as
# "FILE:LINE: TARGET"; also <rax/...>.
includes() {
	{
		sources c h def | grep -E '^(runtime|tools/rax)/'
		# harness*.c are tests
		(cd "$srcdir" && find generated -name '*.[ch]' \
			! -name 'harness*.c')
	} | while read -r file; do
		sed -nE "s|^[ 	]*#[ 	]*include[ 	]*\"([^\"]*)\".*|$file: \\1|p
			s|^[ 	]*#[ 	]*include[ 	]*<(rax/[^>]*)>.*|$file: \\1|p" \
			"$srcdir/$file"
	done
}
includes > "$tmp/includes"

# Level of each module, lowest first; same number: the same level.
levels='
BEGIN {
	n = split("base 0 fp 1 core 2 smir 3 cpu 3 generated 4 jit 5 kvm 5 dev 5 " \
		  "io 5 boot 5 machine 6 ckpt 7 debug 7", w, " ")
	for (i = 1; i <= n; i += 2)
		level[w[i]] = w[i + 1]
}
# The module of a path below runtime/ or of generated/: "core", "cpu/riscv",
# "generated/rv64"; "?" for what is none.
function module(path,   p) {
	split(path, p, "/")
	if (p[1] == "cpu" || p[1] == "generated")
		return p[1] "/" p[2]
	return p[1] in level ? p[1] : "?"
}
function height(m) {
	sub(/\/.*/, "", m)
	return level[m]
}
'

# A public header includes public headers only.
bad=$(grep '^runtime/include/' "$tmp/includes" | grep -v ': rax/' | excepted layers)
empty "public headers include public headers only" "$bad"

# The rax program sees <rax/...>, its own folder and config.h.
bad=$(grep '^tools/rax/' "$tmp/includes" | grep -Ev ': (rax/|config\.h$)' |
	while read -r file target; do
		[ -f "$srcdir/tools/rax/$target" ] || echo "$file $target"
	done | excepted layers)
empty "tools/rax includes public headers only" "$bad"

bad=$(grep -E '^(runtime|generated)/' "$tmp/includes" | grep -v '^runtime/include/' |
	"$AWK" -v srcdir="$srcdir" "$levels"'
	{
		file = $1
		sub(/:$/, "", file)
		path = file
		sub(/^runtime\//, "", path)
		from = module(path)
		if (from == "?") {
			print file ": is in no module with a level"
			next
		}
		target = $2
		if (target == "config.h" || target ~ /^rax\//)
			next
		to = module(target)
		# "rv64/regs.h" is generated/rv64/regs.h
		if (to == "?")
			to = module("generated/" target)
		if (target !~ /\//)
			print file ": \"" target "\" does not name its module"
		else if (height(to) > height(from))
			print file ": \"" target "\" is above " from
		else if (from != to && height(to) == height(from) && height(from) < 5)
			print file ": \"" target "\" is beside " from ", not below"
	}' | excepted layers)
empty "modules include their own level and lower ones only" "$bad"

# Includes name real files.
bad=$(while read -r file target; do
	for root in runtime runtime/include generated "$(dirname "${file%:}")"; do
		[ ! -f "$srcdir/$root/$target" ] || continue 2
	done
	[ "$target" = config.h ] || echo "$file there is no \"$target\""
done < "$tmp/includes" | excepted layers)
empty "included files exist" "$bad"

# The generator: front -> model <- back; passes know the model only.
bad=$(sources py | grep '^gen/' | while read -r file; do
	sed -n "s|^ *from  *gen\\.\\([a-z]*\\).*|$file: gen.\\1|p
		s|^ *import  *gen\\.\\([a-z]*\\).*|$file: gen.\\1|p
		s|^ *from  *\\.\\.\\([a-z][a-z]*\\).*|$file: gen.\\1|p
		s|^ *from  *\\.\\.  *import  *\\([a-z]*\\).*|$file: gen.\\1|p" "$srcdir/$file"
done | "$AWK" '
	BEGIN {
		allowed["support"] = "support"
		allowed["model"] = "model support"
		allowed["front"] = "front model support"
		allowed["passes"] = "passes model support"
		allowed["back"] = "back model support"
	}
	{
		split($1, p, "/")
		sub(/^gen\./, "", $2)
		if (p[2] in allowed && index(" " allowed[p[2]] " ", " " $2 " ") == 0)
			print $1 " imports gen." $2
	}' | excepted layers)
empty "gen/ imports follow front -> model <- back" "$bad"

tap_end
