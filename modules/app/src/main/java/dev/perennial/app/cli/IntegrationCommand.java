package dev.perennial.app.cli;

import picocli.CommandLine.Command;

/** {@code perennial integration}: definitions of providers. */
@Command(
    name = "integration",
    subcommandsRepeatable = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Definitions of providers (docs/integrations.md).")
final class IntegrationCommand extends CommandGroup {}
