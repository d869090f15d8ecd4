#!/bin/sh
# Submits the 278 tasks of H-he------rm--rf------x----partition-y, and the merge that waits for them:
#   sh submit.sh [--array=3,7] [option of sbatch]...
# --array sends only those tasks again; other options, such as --partition=short, go to tasks and merge alike.
set -eu
cd -- "$(dirname -- "$0")"
mkdir -p finished logs shards
array=1-278
case ${1-} in --array=*) array=${1#--array=} && shift ;; esac
tasks=$(sbatch --parsable --array="$array" "$@" tasks.sh)
# Not afterok: a task that was killed would leave the merge waiting for ever. The merge names what is missing.
merge=$(sbatch --parsable --dependency="afterany:${tasks%%;*}" "$@" merge.sh)
echo "job ${tasks%%;*}: tasks $array; job ${merge%%;*}: the merge, into $PWD/result, which says in logs/merge.txt what came of it"
