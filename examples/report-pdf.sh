#!/bin/sh
# A page of ours as PDF: A4, numbered sheets, no header or footer of the browser.
#
#     nis2report gap --site site.json -f html -o gap.html lab.ndjson
#     report-pdf.sh gap.html gap.pdf
#
# Needs Chromium 131 or later (Debian: apt install chromium), which numbers the
# sheets as the page asks. CHROMIUM names another program. The page fetches
# nothing, and the browser is given no names to look up.
set -eu

say() {
	echo "report-pdf: $*" >&2
	exit 2
}

[ $# -eq 1 ] || [ $# -eq 2 ] || say "a page, and where the PDF goes: report-pdf.sh PAGE.html [FILE.pdf]"
page=$1
out=${2:-${1%.html}.pdf}
[ -r "$page" ] || say "$page: cannot be read"
[ ! -e "$out" ] || say "$out: exists"
for chromium in "${CHROMIUM:-chromium}" chromium-browser google-chrome; do
	command -v "$chromium" >/dev/null 2>&1 && break
done
command -v "$chromium" >/dev/null 2>&1 || say "no Chromium here: apt install chromium"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
# whatever the page's name is, this one needs no escaping
cp "$page" "$dir/page.html"
sandbox=
[ "$(id -u)" -ne 0 ] || sandbox=--no-sandbox
HOME=$dir timeout 120 "$chromium" --headless=new $sandbox --disable-gpu --disable-dev-shm-usage \
	--no-first-run --user-data-dir="$dir/profile" --host-resolver-rules='MAP * ~NOTFOUND' \
	--no-pdf-header-footer --print-to-pdf="$dir/page.pdf" "file://$dir/page.html" \
	>"$dir/said" 2>&1 || say "$chromium failed: $(tail -n 1 "$dir/said")"
[ "$(head -c 5 "$dir/page.pdf" 2>/dev/null)" = %PDF- ] || say "$chromium made no PDF of $page"
mv "$dir/page.pdf" "$out"
