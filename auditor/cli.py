import sys
from pathlib import Path
from auditor import audit, policy
def main() -> int:
    a = audit.run([Path(p) for p in sys.argv[3:]], policy.load(sys.argv[1]), Path(sys.argv[2]), say=lambda s: None)
    print(a.timings, a.report.money, a.report.people)
    for r in a.report.rules: print(r["id"], r["outcome"], r["findings"], r["persons"], r["reason"])
    return 0
