package dev.perennial.app.cli;

import picocli.CommandLine.Command;

/** {@code perennial keys api}: keys of the admin API. */
@Command(
    name = "api",
    subcommandsRepeatable = false,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Keys of the admin API, each with scopes.",
      "They lie hashed in a file; every process with the role credentials reads it (admin.api-keys)"
          + " and sees a change within a second."
    })
final class KeysApiCommand extends CommandGroup {}
