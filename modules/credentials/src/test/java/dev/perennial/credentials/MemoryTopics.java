package dev.perennial.credentials;

import dev.perennial.domain.Shards;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;
import java.util.ArrayList;
import java.util.List;

/** The topics that an owner reads and writes, in memory. */
final class MemoryTopics implements EventPublisher {
  final MemoryLog topic = new MemoryLog("topic");
  final MemoryLog journal = new MemoryLog("journal");
  final List<Event> others = new ArrayList<>();

  /** The next so many publications do not happen. */
  int unreached;

  /** The next so many publications happen, and nobody hears of it. */
  int unheard;

  private final Shards shards;

  MemoryTopics(Shards shards) {
    this.shards = shards;
  }

  @Override
  public void publish(Event event) {
    if (unreached > 0) {
      unreached--;
      throw new UnavailableException("Kafka is away");
    }
    int shard = shards.of(event.key());
    switch (event) {
      case Event.CredentialUpdated updated -> topic.append(shard, updated);
      case Event.AnswerJournaled answer -> journal.append(shard, answer);
      case Event.ConsentJournaled consent -> journal.append(shard, consent);
      default -> others.add(event);
    }
    if (unheard > 0) {
      unheard--;
      throw new UnavailableException("Kafka does not say");
    }
  }

  /** What is on the topic of a shard. */
  List<CredentialState> states(int shard) {
    List<CredentialState> states = new ArrayList<>();
    for (Event event : topic.events(shard)) {
      states.add(((Event.CredentialUpdated) event).state());
    }
    return states;
  }
}
