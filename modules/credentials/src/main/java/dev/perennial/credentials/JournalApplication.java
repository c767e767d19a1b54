package dev.perennial.credentials;

import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.ConsentJournaled;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.event.ShardLog;
import dev.perennial.domain.event.ShardLog.Batch;
import dev.perennial.domain.event.ShardLog.Entry;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one partition of {@code grant-journal}: answers that came while Redis could not take
 * them. Each is committed and published before the journal's offset moves on, so none is dropped
 * and a repetition finds its own work. Not thread-safe.
 */
final class JournalApplication {
  private static final Logger LOG = LoggerFactory.getLogger(JournalApplication.class);

  private final int shard;
  private final RedisShards shards;
  private final ShardLog journal;
  private final OwnerStore store;
  private final EventPublisher publisher;
  private final InstantSource clock;

  private String run = "";
  private long position;
  private volatile long waiting;

  JournalApplication(
      int shard,
      RedisShards shards,
      ShardLog journal,
      OwnerStore store,
      EventPublisher publisher,
      InstantSource clock) {
    this.shard = shard;
    this.shards = shards;
    this.journal = journal;
    this.store = store;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** Goes on where Redis says. */
  void startFrom(String newRun, long offset) {
    run = newRun;
    position = offset;
  }

  /** Answers that are not applied yet; of what was not read, records of any kind. */
  long waiting() {
    return waiting;
  }

  /** Everything before it is applied and published. */
  long position() {
    return position;
  }

  /**
   * Applies some records.
   *
   * @return whether there may be more at once
   * @throws RedisShards.MovedException where somebody else has applied some
   */
  boolean step() {
    Batch batch = journal.read(shard, position);
    long left =
        journal.behind(shard)
            + batch.entries().stream().filter(entry -> entry.event() != null).count();
    waiting = left;
    if (batch.next() == position) {
      return false;
    }
    for (Entry entry : batch.entries()) {
      Event event = entry.event();
      if (event != null) {
        entry.trace().resume(() -> apply(event));
        left--;
        waiting = left;
      }
    }
    shards.journalApplied(shard, run, position, batch.next());
    position = batch.next();
    return true;
  }

  private void apply(Event event) {
    switch (event) {
      case AnswerJournaled answer -> apply(answer);
      case ConsentJournaled consent -> apply(consent);
      default -> LOG.error("{}: a record of the grant journal that does not belong there", shard);
    }
  }

  private void apply(AnswerJournaled answer) {
    switch (store.commit(answer)) {
      case Commit.Committed(var state) -> state.ifPresent(this::announce);
      case Commit.Already(CredentialState state) -> announce(state);
      case Commit.Superseded _ ->
          LOG.info("{}: a journaled answer was superseded before", answer.key());
      case Commit.Deleted _ ->
          LOG.warn("{}: a journaled answer came after the deletion", answer.key());
      case Commit.Missing _ -> throw new IllegalStateException("an owner makes what is missing");
    }
  }

  private void apply(ConsentJournaled consent) {
    switch (store.put(consent)) {
      case Put.Stored(CredentialState state) -> announce(state);
      case Put.Already(CredentialState state) -> announce(state);
      case Put.Superseded _ -> supersede(consent);
    }
  }

  private void announce(CredentialState state) {
    publisher.publish(new CredentialUpdated(state));
    store.published(state);
    LOG.info("{}: version {} came by the grant journal", state.key(), state.version());
  }

  /** Published before it is written down, as the exchanger does it. */
  private void supersede(ConsentJournaled consent) {
    Reason reason = Reason.of(Reason.SUPERSEDED);
    publisher.publish(
        new AuthorizationFailed(consent.key(), consent.authorization(), reason, clock.instant()));
    store.failCode(consent.key(), consent.authorization(), reason);
  }
}
