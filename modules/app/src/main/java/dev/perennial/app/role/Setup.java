package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.stream.KafkaSettings;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.util.List;

/** Makes and checks the topics of an installation. */
public final class Setup {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private Setup() {}

  /**
   * Makes the topics that do not exist and checks all of them.
   *
   * @return what was made and what was there
   * @throws StartProblems where a topic cannot be made, or is not as it must be
   * @throws dev.perennial.domain.UnavailableException where Kafka does not answer
   */
  public static TopicAdmin.Created topics(PerennialConfig config) {
    KafkaSettings kafka = Settings.kafka(config);
    var specs = Settings.topics(config);
    TopicAdmin admin = new TopicAdmin(kafka, LIMIT);
    TopicAdmin.Created created = admin.create(specs, (short) config.kafka().replicationFactor());
    List<String> problems = created.refused().isEmpty() ? admin.check(specs) : created.refused();
    if (!problems.isEmpty()) {
      throw new StartProblems(problems);
    }
    return created;
  }
}
