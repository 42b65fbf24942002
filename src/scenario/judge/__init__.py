"""What `expect` says of one execution, of many runs, and of a whole exploration."""

from scenario.judge.execution import judge
from scenario.judge.verdict import exploration_verdict, run_verdict, runs_verdict

__all__ = ["exploration_verdict", "judge", "run_verdict", "runs_verdict"]
