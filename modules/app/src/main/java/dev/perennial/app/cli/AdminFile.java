package dev.perennial.app.cli;

import dev.perennial.domain.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code admin.json} in a data directory: how commands on this machine find the admin API and the
 * Kafka of a process that chose ports and token itself. Readable by its owner alone.
 *
 * @param url of the admin listener, without a slash at the end
 * @param kafka bootstrap servers
 */
public record AdminFile(URI url, Secret token, String kafka) {
  private static final String NAME = "admin.json";

  /** Where it lies. */
  public static Path in(Path data) {
    return data.resolve(NAME);
  }

  /** Writes it, over an older one. */
  public void write(Path data) {
    try {
      Files.createDirectories(data);
      PrivateFile.replace(
          data.resolve(NAME),
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of("url", url.toString(), "token", token.reveal(), "kafka", kafka)));
    } catch (IOException e) {
      throw new CommandFailure(data.resolve(NAME) + " cannot be written: " + e.getMessage());
    }
  }

  /** Removes it: nobody answers there any more. */
  public static void delete(Path data) {
    try {
      Files.deleteIfExists(data.resolve(NAME));
    } catch (IOException e) {
      throw new CommandFailure(data.resolve(NAME) + " cannot be deleted: " + e.getMessage());
    }
  }

  /** Empty where there is none. */
  static Optional<AdminFile> read(Path data) {
    Path file = data.resolve(NAME);
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      return Optional.of(
          new AdminFile(
              URI.create(json.path("url").asString()),
              Secret.of(json.path("token").asString()),
              json.path("kafka").asString()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException | JacksonException | IllegalArgumentException _) {
      throw new CommandFailure(file + " cannot be read. Is it yours? Start perennial up anew.");
    }
  }
}
