"""touchstone without its console script: python -m poc.cli, which the workbench starts its work with."""

from poc.cli.door import main

main()
