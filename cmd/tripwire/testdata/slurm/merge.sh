#!/bin/bash
#SBATCH --job-name=tripwire-merge-H-he------rm--rf------x----partition-y
#SBATCH --time=1334
#SBATCH --requeue
#SBATCH --output=logs/merge.txt
#SBATCH --open-mode=truncate
# Unites the shards, or names those that are missing and how to send them again.
set -eu
cd -- "${SLURM_SUBMIT_DIR:-.}"
shards=()
missing=
for ((i = 1; i <= 278; i++)); do
    if [ -e "finished/$i" ]; then
        shards+=("shards/$i")
    else
        missing=$missing,$i
    fi
done
if [ -n "$missing" ]; then
    printf 'missing shards: %s\nsend them again: sh %q --array=%s\n' "${missing#,}" "$PWD/submit.sh" "${missing#,}" >&2
    exit 6
fi
exec "${TRIPWIRE:-tripwire}" merge "${shards[@]}" -o result
