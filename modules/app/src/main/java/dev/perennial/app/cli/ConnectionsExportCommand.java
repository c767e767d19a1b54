package dev.perennial.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code perennial connections export}. */
@Command(
    name = "export",
    description =
        "Export credentials as they are sealed, a JSON line each; only an installation with the"
            + " same key ring can import them. Needs an admin key.")
final class ConnectionsExportCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private AdminAccess admin = new AdminAccess();

  @Option(names = "--integration", paramLabel = "NAME", description = "Only of this one.")
  private @Nullable String integration;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only these; without it all but deleted ones.")
  private @Nullable String status;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write to this file, readable by its owner alone; it is there once complete.")
  private @Nullable Path file;

  ConnectionsExportCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PrintWriter err = top.surroundings().err();
    Ticker ticker = new Ticker(err, "connections", System::nanoTime);
    if (file == null) {
      PrintWriter out = top.surroundings().out();
      export(ticker, out::println);
      out.flush();
    } else {
      write(top.surroundings().directory().resolve(file), ticker);
    }
    err.println(
        "exported " + ticker.count() + (ticker.count() == 1 ? " connection" : " connections"));
    err.flush();
  }

  private void export(Ticker ticker, Consumer<String> to) {
    List<String> filter = new ArrayList<>();
    if (integration != null) {
      filter.add("integration=" + AdminClient.encoded(integration));
    }
    if (status != null) {
      filter.add("status=" + AdminClient.encoded(status));
    }
    String query = filter.isEmpty() ? "" : "?" + String.join("&", filter);
    admin
        .client(top)
        .getLines(
            "/v1/export" + query,
            line -> {
              to.accept(line);
              ticker.one();
            });
  }

  private void write(Path target, Ticker ticker) {
    Path next = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.deleteIfExists(next);
      try (BufferedWriter writer =
          new BufferedWriter(new OutputStreamWriter(PrivateFile.create(next), UTF_8))) {
        export(ticker, line -> write(writer, line));
      }
      Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | Unwritten e) {
      throw new CommandFailure(target + " cannot be written: " + e.getMessage());
    } finally {
      discard(next);
    }
  }

  private static void discard(Path next) {
    try {
      Files.deleteIfExists(next);
    } catch (IOException _) {
      // it could not be written either, which is told
    }
  }

  private static void write(BufferedWriter writer, String line) {
    try {
      writer.write(line);
      writer.newLine();
    } catch (IOException e) {
      throw new Unwritten(e);
    }
  }

  /** Carries what went wrong out of the reading. */
  private static final class Unwritten extends RuntimeException {
    Unwritten(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
