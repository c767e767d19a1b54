package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
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

  KeysNewCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PrintWriter writer = top.surroundings().out();
    if (out.equals("-")) {
      writer.println(KeyRing.generate());
    } else {
      Path file = top.surroundings().directory().resolve(out);
      write(file);
      writer.println("wrote " + file);
      writer.println("next: PERENNIAL_KEYS_FILE=" + file.toAbsolutePath());
    }
    writer.flush();
    CommandAudit.tell(Action.KEY_RING_CREATE, "");
  }

  private static void write(Path file) {
    try {
      PrivateFile.create(file, KeyRing.generate());
    } catch (FileAlreadyExistsException _) {
      throw new CommandFailure(
          file + " exists, and a key ring is never overwritten. Name another with --out.");
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be written: " + e.getMessage());
    }
  }
}
