"""`python -m scenario` is `scenario`."""

from scenario.cli.main import main

if __name__ == "__main__":
    main()
