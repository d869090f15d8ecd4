#!/bin/bash
#SBATCH --job-name=tripwire-H-he------rm--rf------x----partition-y
#SBATCH --cpus-per-task=2
#SBATCH --time=60
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
#SBATCH --output=logs/%a.txt
#SBATCH --open-mode=append
# One task: a shard of the study, of about 15 min by the probe. A task that is requeued, or sent again, goes on where it was.
set -eu
cd -- "${SLURM_SUBMIT_DIR:?submit this by submit.sh}"
# The signal before the end of the time comes to this shell, which hands it on: the program stops in order, to go on later.
program=
told=
trap 'if [ -n "$program" ]; then kill -TERM "$program"; else told=1; fi' TERM
"${TRIPWIRE:-tripwire}" run scenario.toml --shard "$SLURM_ARRAY_TASK_ID/278" --resume -o "shards/$SLURM_ARRAY_TASK_ID" -j "$SLURM_CPUS_PER_TASK" --yes &
program=$!
# It came before there was a program to hand it to. One that is just being started may lose it, so a second later.
[ -z "$told" ] || { sleep 1 && kill -TERM "$program"; }
# The signal ends the waiting before it ends the program.
while code=0 && wait "$program" || code=$?; kill -0 "$program" 2>/dev/null; do :; done
# Exit 5 means that all is written and some histories failed.
case $code in 0 | 5) : >"finished/$SLURM_ARRAY_TASK_ID" ;; esac
exit "$code"
