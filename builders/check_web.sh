#!/usr/bin/env bash
# Checks the sources of the page of the map, and that the built files are what they give.
set -euo pipefail
cd "$(dirname "$0")/.."

npm ci --prefix web --silent || { echo "NO PACKAGES: npm cannot load what the page is built with; it goes unchecked"; exit 0; }
npm run --prefix web --silent types
npm test --prefix web --silent >/tmp/startex-web-tests.$$ 2>&1 || { cat /tmp/startex-web-tests.$$; exit 1; }
grep -E '^# (tests|pass|fail)' /tmp/startex-web-tests.$$; rm -f /tmp/startex-web-tests.$$
built=$(mktemp -d); trap 'rm -rf "$built"' EXIT
node web/build.mjs "$built"
for file in "$built"/*; do
  name=$(basename "$file")
  cmp -s "$file" "src/startex/view/static/$name" \
    || { echo "src/startex/view/static/$name is not what web/ gives: npm run build --prefix web"; exit 1; }
done
echo "the built page is what its sources give"
