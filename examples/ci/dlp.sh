#!/usr/bin/env bash
# A test of a DLP classifier with gates, as it runs in continuous integration: exit code 0 when every gate holds, 1 when one does not.
#
#     examples/ci/dlp.sh 'process:python3 adapters/regex_baseline.py' reports/
#
# The same documents every time: another seed is another corpus. dlp.yml beside it is this as a workflow.
set -euo pipefail

detector=${1:?name the detector, such as 'process:python3 my_adapter.py'}
reports=${2:-reports}
owabi=${OWABI:-owabi}
gates=$(dirname "$0")/gates.toml

mkdir -p "$reports"
"$owabi" test --detector "$detector" --seed 7 --count "${COUNT:-500}" --split test \
    --gates "$gates" --junit "$reports/gates.xml" --html "$reports/report.html" --json "$reports/results.json"
