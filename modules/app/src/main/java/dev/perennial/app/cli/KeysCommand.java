package dev.perennial.app.cli;

import picocli.CommandLine.Command;

/** {@code perennial keys}: the ring that credentials are sealed with, and keys of the admin API. */
@Command(
    name = "keys",
    subcommandsRepeatable = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "The key ring that credentials are sealed with, and keys of the admin API.")
final class KeysCommand extends CommandGroup {}
