package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.client.CredentialEvents;
import dev.perennial.event.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial events}: what the pipelines hear. */
@Command(
    name = "events",
    description =
        "Print what stands on the topics credentials-updated and authorizations, one line for each"
            + " event. Tokens are not opened.")
final class EventsCommand implements Runnable {
  private static final String DEFAULT_SERVERS = "localhost:9092";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PerennialCommand top;

  @Option(names = "--follow", description = "Go on with what comes, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "Data directory of perennial up, whose Kafka is followed while it runs and none is"
              + " configured. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data");

  EventsCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PerennialConfig config = config();
    try (CredentialEvents events = start(config)) {
      if (follow) {
        new CountDownLatch(1).await(); // the process ends by a signal
      }
      events.caughtUp().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException _) {
      throw new CommandFailure(
          "Kafka at "
              + config.kafka().bootstrapServers()
              + " did not tell all events within "
              + PATIENCE.toSeconds()
              + " s. Is it there, and are the topics? (perennial topics)");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where nobody has said another, the Kafka that {@code perennial up} has started. */
  private PerennialConfig config() {
    PerennialConfig config = top.config(Map.of());
    Optional<AdminFile> up = AdminFile.read(top.surroundings().directory().resolve(data));
    boolean chosen = !config.kafka().bootstrapServers().equals(DEFAULT_SERVERS);
    return chosen || up.isEmpty()
        ? config
        : top.config(Map.of("kafka.bootstrap-servers", up.get().kafka()));
  }

  private CredentialEvents start(PerennialConfig config) {
    try {
      return CredentialEvents.on(kafka(config), new Topics(config.topics().prefix()))
          .allRecords(true)
          .authorizations(true)
          .follow(new EventPrinter(top.surroundings().out()));
    } catch (RuntimeException e) {
      throw new CommandFailure(
          "Kafka at " + config.kafka().bootstrapServers() + " cannot be used: " + e.getMessage());
    }
  }

  private static Map<String, Object> kafka(PerennialConfig config) {
    Map<String, Object> properties = new HashMap<>();
    config.kafka().properties().forEach((name, value) -> properties.put(name, value.reveal()));
    properties.put("bootstrap.servers", config.kafka().bootstrapServers());
    return properties;
  }
}
