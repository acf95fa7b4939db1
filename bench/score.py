"""How long `manage.py score` takes for 50,000 respondents of the ECR, and how much memory.

Run: python bench/score.py [ROWS]. Ends with 1 if it misses 5 s or 300 MB.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 5, 300


def write(file: Path, rows: int) -> None:
    """Answers of 1 to 5 with 2 % missing, and columns of other things, as such files have them."""
    chance = random.Random(1)
    names = [f"Q{number}" for number in range(1, 37)]
    with file.open("w") as out:
        out.write(",".join([*names, "age", "gender", "country"]) + "\n")
        for _row in range(rows):
            cells = chance.choices("012345", weights=(2, 20, 20, 20, 20, 18), k=36)
            out.write(",".join([*cells, "31", "2", "US"]) + "\n")


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "in.csv"), Path(folder, "out.csv")
        write(source, rows)
        command = [sys.executable, "manage.py", "score", "ecr", "--csv", source, "--range", "1-5"]
        begin = time.perf_counter()
        child = subprocess.Popen(
            [*command, "--missing", "0", "--to", out],
            cwd=ROOT,
            env={**os.environ, "VAR_DIR": folder},
        )
        _pid, status, usage = os.wait4(child.pid, 0)
        took, used = time.perf_counter() - begin, usage.ru_maxrss / 1024
        scored = sum(1 for _line in out.open()) - 1
    print(f"{scored} rows in {took:.2f} s ({usage.ru_utime:.2f} s of processor), {used:.0f} MB")
    return int(status != 0 or scored != rows or took > SECONDS or used > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
