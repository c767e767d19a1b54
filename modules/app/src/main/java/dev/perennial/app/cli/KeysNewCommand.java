package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.Wrapping;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial keys new}: a ring of one key. */
@Command(
    name = "new",
    description = {
      "Make a key ring of one new key.",
      "Whoever can read the file can open every credential; whoever loses it has lost them all."
          + " Give every process the same ring, and keep a copy."
    })
final class KeysNewCommand implements Runnable {
  private final PerennialCommand top;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where to write it, readable by you alone; - = standard output. Default:"
              + " ${DEFAULT-VALUE}. A file that is there is never overwritten.",
      defaultValue = "perennial-keys.json")
  private String out = "";

  @Option(
      names = "--kms-uri",
      paramLabel = "URI",
      description =
          "Encrypt it with this key of a KMS, e.g. aws-kms://arn:aws:kms:…:key/…: the file is then"
              + " of no use without the KMS (docs/keys.md). Default: in the clear.")
  private @Nullable String kmsUri;

  KeysNewCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PrintWriter writer = top.surroundings().out();
    if (out.equals("-")) {
      writer.println(text());
    } else {
      Path file = top.surroundings().directory().resolve(out);
      write(file);
      writer.println("wrote " + file);
      writer.println("next: PERENNIAL_KEYS_FILE=" + file.toAbsolutePath());
      if (kmsUri != null) {
        writer.println("      PERENNIAL_KEYS_KMS_URI=" + kmsUri);
      }
    }
    writer.flush();
    CommandAudit.tell(Action.KEY_RING_CREATE, "");
  }

  private String text() {
    return (kmsUri == null ? Wrapping.NONE : Wrapping.kms(kmsUri)).write(KeyRing.ofNewKey());
  }

  private void write(Path file) {
    if (Files.exists(file)) { // before a KMS is asked for anything
      throw exists(file);
    }
    try {
      PrivateFile.create(file, text());
    } catch (FileAlreadyExistsException _) {
      throw exists(file);
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be written: " + e.getMessage());
    }
  }

  private static CommandFailure exists(Path file) {
    return new CommandFailure(
        file + " exists, and a key ring is never overwritten. Name another with --out.");
  }
}
