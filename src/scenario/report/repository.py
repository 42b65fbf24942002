"""Where a file stands in its repository: what GitHub and SARIF readers know files by."""

from __future__ import annotations

from pathlib import Path

from scenario.regular import is_there


def in_repository(file: str) -> str:
    """The path relative to the repository's root, with slashes; as it was given where there is no repository."""
    path = Path(file).absolute()
    for folder in path.parents:
        if is_there(folder / ".git"):
            return _normal(path).relative_to(_normal(folder)).as_posix() if _inside(path, folder) else file
    return Path(file).as_posix()


def _inside(path: Path, folder: Path) -> bool:
    return _normal(path).is_relative_to(_normal(folder))


def _normal(path: Path) -> Path:
    """Without `..`; a symbolic link keeps its name, as git has it."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts[1:] = parts[1:-1]
        else:
            parts.append(part)
    return Path(*parts)
