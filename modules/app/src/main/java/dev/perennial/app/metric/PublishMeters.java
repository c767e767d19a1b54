package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.PUBLISH;
import static dev.perennial.app.metric.Metric.PUBLISH_FAILURES;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** A publisher whose publications are measured. Thread-safe. */
public final class PublishMeters implements EventPublisher {
  static final String[] TOPICS = {
    "code-received", "refresh-due", "credentials-updated", "authorizations", "grant-journal"
  };

  private final EventPublisher publisher;
  private final LongSupplier nanoTime;
  private final Map<String, DistributionSummary> times = new HashMap<>();
  private final Map<String, Counter> failures = new HashMap<>();

  public PublishMeters(EventPublisher publisher, Meters meters, LongSupplier nanoTime) {
    this.publisher = publisher;
    this.nanoTime = nanoTime;
    for (String topic : TOPICS) {
      times.put(topic, meters.histogram(PUBLISH, topic));
      failures.put(topic, meters.counter(PUBLISH_FAILURES, topic));
    }
  }

  @Override
  public void publish(Event event) {
    measured(topic(event), () -> publisher.publish(event));
  }

  @Override
  public void publishAll(List<? extends Event> events) {
    if (events.isEmpty()) {
      return;
    }
    measured(topic(events.getFirst()), () -> publisher.publishAll(events));
  }

  private void measured(String topic, Runnable publication) {
    long began = nanoTime.getAsLong();
    try {
      publication.run();
      Objects.requireNonNull(times.get(topic)).record((nanoTime.getAsLong() - began) / 1e9);
    } catch (UnavailableException e) {
      Objects.requireNonNull(failures.get(topic)).increment();
      throw e;
    }
  }

  private static String topic(Event event) {
    return switch (event) {
      case Event.CodeReceived _ -> "code-received";
      case Event.RefreshDue _ -> "refresh-due";
      case Event.CredentialUpdated _ -> "credentials-updated";
      case Event.AuthorizationFailed _ -> "authorizations";
      case Event.AnswerJournaled _, Event.ConsentJournaled _ -> "grant-journal";
    };
  }
}
