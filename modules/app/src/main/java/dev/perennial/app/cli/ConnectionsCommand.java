package dev.perennial.app.cli;

import picocli.CommandLine.Command;

/** {@code perennial connections}: what is connected, and what can be done with it. */
@Command(
    name = "connections",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "List, show, refresh, delete, import and export connections, through the admin API.")
final class ConnectionsCommand extends CommandGroup {}
