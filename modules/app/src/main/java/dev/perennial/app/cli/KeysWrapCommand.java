package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.KeyRings;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.Wrapping;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial keys wrap}. */
@Command(
    name = "wrap",
    description = {
      "Write the configured ring, with the same keys, encrypted with a key of a KMS.",
      "For a ring that was in the clear, or under another key of a KMS. Nothing has to be sealed"
          + " anew; every process needs the new file and keys.kms-uri, and a restart."
    })
final class KeysWrapCommand implements Runnable {
  private final PerennialCommand top;

  @Option(
      names = "--kms-uri",
      paramLabel = "URI",
      required = true,
      description = "The key of the KMS, e.g. aws-kms://arn:aws:kms:…:key/…")
  private String kmsUri = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where to write it. A file that is there is never overwritten.")
  private @Nullable Path out;

  KeysWrapCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PerennialConfig config = top.config(Map.of());
    KeyRing ring = KeyRings.of(config).current();
    Path file = top.surroundings().directory().resolve(String.valueOf(out));
    write(file, Wrapping.kms(kmsUri).write(ring));
    CommandAudit.tell(Action.KEY_RING_WRAP, Long.toString(ring.primaryKeyId()));
    PrintWriter writer = top.surroundings().out();
    writer.println("wrote " + file + ", keys " + ring.keyIds());
    writer.println("next: PERENNIAL_KEYS_FILE=" + file.toAbsolutePath());
    writer.println("      PERENNIAL_KEYS_KMS_URI=" + kmsUri);
    writer.flush();
  }

  private static void write(Path file, String text) {
    try {
      PrivateFile.create(file, text);
    } catch (FileAlreadyExistsException _) {
      throw new CommandFailure(
          file + " exists, and a key ring is never overwritten. Name another with --out.");
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be written: " + e.getMessage());
    }
  }
}
