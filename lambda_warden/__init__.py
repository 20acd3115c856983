"""Lambda Warden as a library: what other projects import.

In the repository this package is only a face over the folders `functions`, `stacks` and `warden`.
In the installed package the same folders stand below it, and imports between them are spelled
`lambda_warden.functions...`. Line numbers and file names are the same in both.

Modules:
    constructs: CDK constructs, from the whole stack to single parts. Needs the extra `cdk`.
    settings: The settings that constructs take, checked when they are made.
"""
