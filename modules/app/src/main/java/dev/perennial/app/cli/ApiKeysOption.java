package dev.perennial.app.cli;

import dev.perennial.app.access.ApiKey;
import dev.perennial.app.access.ApiKeyFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which file of API keys a command is about, and how it is read and changed. */
final class ApiKeysOption {
  private static final String DEFAULT = "api-keys.json";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file of API keys. Default: admin.api-keys, or else " + DEFAULT + ".")
  private @Nullable Path file;

  Path path(PerennialCommand top) {
    Path chosen =
        file != null
            ? file
            : top.config(Map.of()).adminListener().apiKeys().orElse(Path.of(DEFAULT));
    return top.surroundings().directory().resolve(chosen);
  }

  static List<ApiKey> read(Path path) {
    try {
      return ApiKeyFile.read(path);
    } catch (IOException e) {
      throw new CommandFailure(Objects.toString(e.getMessage(), ""));
    }
  }

  /** Replaces the file as a whole; two commands at once do it one after the other. */
  static void change(Path path, UnaryOperator<List<ApiKey>> change) {
    Path lock = path.resolveSibling(path.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      List<ApiKey> before = Files.exists(path) ? read(path) : List.of();
      PrivateFile.replace(path, ApiKeyFile.text(change.apply(before)));
    } catch (IOException e) {
      throw new CommandFailure(path + " cannot be written: " + e.getMessage());
    }
  }
}
