package dev.perennial.app.cli;

import dev.perennial.app.access.ApiKey;
import dev.perennial.app.audit.Action;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code perennial keys api revoke}: takes a key out of the file. */
@Command(
    name = "revoke",
    description =
        "Take a key of the admin API out of the file; running processes refuse it within a second.")
final class KeysApiRevokeCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private ApiKeysOption keys = new ApiKeysOption();

  @Parameters(
      paramLabel = "ID",
      description =
          "The 12 characters after perennial_ in the key, as perennial keys api list shows them.")
  private String id = "";

  KeysApiRevokeCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    Path path = keys.path(top);
    if (!Files.exists(path)) {
      throw new CommandFailure(path + " is not there. Name the file with --file.");
    }
    ApiKeysOption.change(path, this::without);
    CommandAudit.tell(Action.API_KEY_REVOKE, id);
    PrintWriter out = top.surroundings().out();
    out.println("revoked " + id);
    out.flush();
  }

  private List<ApiKey> without(List<ApiKey> before) {
    List<ApiKey> after = before.stream().filter(key -> !key.id().equals(id)).toList();
    if (after.size() == before.size()) {
      throw new CommandFailure("there is no key " + id + ". perennial keys api list shows them.");
    }
    return after;
  }
}
