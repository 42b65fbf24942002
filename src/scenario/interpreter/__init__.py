"""Step code, executed over real objects: what the engines that execute have in common."""
