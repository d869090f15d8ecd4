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
# exec, so that the signal before the end of the time reaches the program.
exec "${TRIPWIRE:-tripwire}" run scenario.toml --shard "$SLURM_ARRAY_TASK_ID/278" --resume -o "shards/$SLURM_ARRAY_TASK_ID" -j "$SLURM_CPUS_PER_TASK" --yes
