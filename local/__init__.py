"""The local stack: the application's own template on one's own machine, without an AWS account.

Two processes, both on loopback and in the environment `.venv-emulator`:

- `local.emulator` plays AWS, keeps its data in a folder, runs the built functions through the real Lambda
  runtime client, lets the waits of Step Functions follow the domain's clock, and keeps each mail as a file;
- `local.front` deploys the template into it and is the one address that people use: the application, and
  beside it, under `/local/`, the outbox, the clock and the worklist.

`dueprocess up` starts and ends them. Nothing in here is shipped.
"""
