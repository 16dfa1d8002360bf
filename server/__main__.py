"""`python -m server` is the command `scv`."""

from server.cli import main

main()
