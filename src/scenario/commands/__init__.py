"""The pipeline, written out once: select files, load and compile them, run or explore, judge, give results."""
