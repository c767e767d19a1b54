package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.UnavailableException;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@ExtendWith(SharedKafka.class)
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class TopicAdminTest {
  private final TopicAdmin admin = SharedKafka.admin();

  @Test
  void whatIsMadeIsWhatIsCheckedAndMakingItAgainChangesNothing() {
    List<TopicSpec> specs = new Topics("made").all(3);
    assertThat(admin.check(specs)).hasSize(specs.size()).allMatch(p -> p.contains("is missing"));
    TopicAdmin.Created created = admin.create(specs, (short) 1);
    assertThat(created.created()).hasSize(specs.size());
    assertThat(created.refused()).isEmpty();
    assertThat(admin.check(specs)).isEmpty();
    TopicAdmin.Created again = admin.create(specs, (short) 1);
    assertThat(again.created()).isEmpty();
    assertThat(again.existing()).isEqualTo(created.created());
  }

  @Test
  void aTopicThatIsNotAsItMustBeIsNamedWithWhatIsWrong() {
    Topics topics = new Topics("wrong");
    admin.create(List.of(new TopicSpec(topics.credentialsUpdated(), 2, Map.of())), (short) 1);
    List<TopicSpec> specs =
        topics.all(4).stream()
            .filter(spec -> spec.name().equals(topics.credentialsUpdated()))
            .toList();
    assertThat(admin.check(specs))
        .anyMatch(p -> p.contains("has 2 partitions and must have 4"))
        .anyMatch(p -> p.contains("is not compacted"));
  }

  @Test
  void moreReplicasThanBrokersAreRefusedInWords() {
    TopicSpec spec = new TopicSpec("three-replicas", 1, Map.of());
    assertThat(admin.create(List.of(spec), (short) 3).refused())
        .singleElement()
        .asString()
        .contains("three-replicas");
  }

  @Test
  void whyThereIsNoClientIsSaidWithoutWhatItWasGiven() {
    String login =
        "org.apache.kafka.common.security.plain.PlainLoginModule required password=open sesame;";
    KafkaSettings settings =
        new KafkaSettings(
            "127.0.0.1:9",
            "test",
            Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.jaas.config", login));

    assertThatThrownBy(() -> new TopicAdmin(settings, Duration.ofMillis(500)).check(List.of()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1:9")
        .hasMessageContaining("kafka.properties")
        .hasMessageNotContaining("sesame");
  }

  @Test
  void whetherKafkaAnswersIsKnownInTime() {
    assertThat(admin.reachable(Duration.ofSeconds(10))).isTrue();
    TopicAdmin nowhere =
        new TopicAdmin(KafkaSettings.of("127.0.0.1:9", "test"), Duration.ofMillis(500));
    assertThat(nowhere.reachable(Duration.ofMillis(500))).isFalse();
    assertThatThrownBy(() -> nowhere.check(new Topics("x").all(1)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1:9");
  }
}
